package dev.safelight.image;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// A reference to an image of one libvips, which is released on close.
///
/// Images are immutable once shared: several threads may read one that lives in memory.
@SuppressWarnings("restricted")
final class NativeImage implements AutoCloseable {
    /// The name under which libvips keeps an ICC profile.
    static final String PROFILE = "icc-profile-data";

    /// Numbers of `VipsBandFormat`.
    private static final int UNSIGNED_SHORT = 2;

    private static final int FLOAT = 6;

    /// Numbers of `VipsInterpretation`.
    private static final int BLACK_AND_WHITE = 1;

    private static final int CMYK = 15;

    private static final int GREY_16 = 26;

    private static final int SRGB = 22;

    private final Vips vips;
    private final MemorySegment segment;
    private final AtomicBoolean closed = new AtomicBoolean();

    NativeImage(Vips vips, MemorySegment segment) {
        this.vips = vips;
        this.segment = segment;
    }

    Vips vips() {
        return vips;
    }

    MemorySegment segment() {
        if (closed.get()) {
            throw new IllegalStateException("the image is closed");
        }
        return segment;
    }

    /// Starts an operation of the same library with this image as its input.
    Operation operation(String nickname) {
        return vips.operation(nickname).in(this);
    }

    int width() {
        return vips.image.width.number(segment());
    }

    int height() {
        return vips.image.height.number(segment());
    }

    int bands() {
        return vips.image.bands.number(segment());
    }

    /// Minus the column of the source that a cut begins at.
    int offsetX() {
        return vips.image.offsetX.number(segment());
    }

    /// Minus the row of the source that a cut begins at.
    int offsetY() {
        return vips.image.offsetY.number(segment());
    }

    boolean hasAlpha() {
        return vips.image.hasAlpha.number(segment()) != 0;
    }

    private int format() {
        return vips.image.format.number(segment());
    }

    /// What the numbers of a picture of this shape mean, by the nickname that libvips has for it.
    private String interpretation() {
        return switch (format()) {
            case UNSIGNED_SHORT -> bands() < 3 ? "grey16" : "rgb16";
            case FLOAT -> "scrgb";
            default -> bands() < 3 ? "b-w" : "srgb";
        };
    }

    /// Whether a sample has more than 8 bits.
    boolean isDeep() {
        return format() >= UNSIGNED_SHORT;
    }

    boolean isCmyk() {
        return vips.image.interpretation.number(segment()) == CMYK;
    }

    /// Whether the samples are 8-bit sRGB, if no profile says otherwise.
    boolean isSrgb() {
        return format() == 0 && vips.image.interpretation.number(segment()) == SRGB;
    }

    /// Without the samples after colour and alpha, such as spot colours, which mean nothing on a screen.
    NativeImage withoutSpareBands(ImageScope scope) throws VipsException {
        int colours = switch (vips.image.interpretation.number(segment())) {
            case BLACK_AND_WHITE, GREY_16 -> 1;
            case CMYK -> 4;
            default -> bands() < 3 ? 1 : 3;
        };
        int kept = Math.min(bands(), colours + 1);
        if (kept == bands()) {
            return this;
        }
        return scope.keep(
                operation("extract_band").with("band", 0).with("n", kept).toImage());
    }

    /// The EXIF orientation, 1 when there is none.
    int orientation() {
        return vips.image.orientation.number(segment());
    }

    boolean has(String field) {
        try (Arena arena = Arena.ofConfined()) {
            return vips.image.typeOf.size(segment(), arena.allocateFrom(field)) != 0;
        }
    }

    OptionalInt number(String field) {
        if (!has(field)) {
            return OptionalInt.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            int failed = vips.image.getInt.number(segment(), arena.allocateFrom(field), value);
            return failed == 0 ? OptionalInt.of(value.get(JAVA_INT, 0)) : OptionalInt.empty();
        }
    }

    /// Writes into the header; only for an image that no one else has seen yet.
    void put(String field, int value) {
        try (Arena arena = Arena.ofConfined()) {
            vips.image.setInt.run(segment(), arena.allocateFrom(field), value);
        }
    }

    /// An 8-bit sRGB image in memory.
    static NativeImage ofRgb(Vips vips, byte[] pixels, int width, int height) throws VipsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(JAVA_BYTE, pixels);
            MemorySegment copy = vips.image.newFromMemoryCopy.pointer(data, (long) pixels.length, width, height, 3, 0);
            if (copy.equals(NULL)) {
                throw vips.failure("image from memory");
            }
            try (NativeImage untyped = new NativeImage(vips, copy)) {
                return untyped.operation("copy").with("interpretation", "srgb").toImage();
            }
        }
    }

    /// Removes every header field but the named ones; only for an image that no one else has seen yet.
    void keepOnly(Set<String> kept) {
        MemorySegment names = vips.image.getFields.pointer(segment()).reinterpret(Long.MAX_VALUE);
        try {
            for (int i = 0; !names.getAtIndex(ADDRESS, i).equals(NULL); i++) {
                MemorySegment name = names.getAtIndex(ADDRESS, i);
                if (!kept.contains(Vips.string(name))) {
                    vips.image.remove.number(segment(), name);
                }
            }
        } finally {
            vips.freeStrings.run(names);
        }
    }

    /// Computes all pixels into memory, after which nothing of the source is needed any more.
    NativeImage inMemory() throws VipsException {
        MemorySegment copy = vips.image.copyMemory.pointer(segment());
        if (copy.equals(NULL)) {
            throw vips.failure("copy to memory");
        }
        try (Arena arena = Arena.ofConfined()) {
            vips.image.remove.number(copy, arena.allocateFrom(Decoder.ORDERED_ROWS));
        }
        return new NativeImage(vips, copy);
    }

    /// All pixels, band by band within a pixel, row by row.
    byte[] pixels() throws VipsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(JAVA_LONG);
            MemorySegment data = written(length);
            try {
                return data.reinterpret(length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
            } finally {
                vips.free.run(data);
            }
        }
    }

    /// The same picture, with its colour profile, as an image in memory of another library.
    NativeImage copiedTo(Vips target) throws VipsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(JAVA_LONG);
            MemorySegment data = written(length);
            MemorySegment copy;
            try {
                copy = target.image.newFromMemoryCopy.pointer(
                        data, length.get(JAVA_LONG, 0), width(), height(), bands(), format());
            } finally {
                vips.free.run(data);
            }
            if (copy.equals(NULL)) {
                throw target.failure("copy between libraries");
            }
            try (NativeImage untyped = new NativeImage(target, copy)) {
                NativeImage typed = untyped.operation("copy")
                        .with("interpretation", interpretation())
                        .toImage();
                copyProfile(arena, typed);
                return typed;
            }
        }
    }

    private MemorySegment written(MemorySegment length) throws VipsException {
        MemorySegment data = vips.image.writeToMemory.pointer(segment(), length);
        if (data.equals(NULL)) {
            throw vips.failure("write to memory");
        }
        return data;
    }

    private void copyProfile(Arena arena, NativeImage target) {
        if (!has(PROFILE)) {
            return;
        }
        MemorySegment name = arena.allocateFrom(PROFILE);
        MemorySegment data = arena.allocate(ADDRESS);
        MemorySegment length = arena.allocate(JAVA_LONG);
        if (vips.image.getBlob.number(segment(), name, data, length) == 0) {
            target.vips.image.setBlobCopy.run(target.segment(), name, data.get(ADDRESS, 0), length.get(JAVA_LONG, 0));
        }
    }

    /// Attaches the colour profile of another image of the same library.
    void takeProfileOf(NativeImage other) {
        try (Arena arena = Arena.ofConfined()) {
            other.copyProfile(arena, this);
        }
    }

    /// Makes libvips stop computing from this image; nothing happens when it is closed.
    synchronized void kill() {
        if (!closed.get()) {
            vips.image.setKill.run(segment, 1);
        }
    }

    @Override
    public synchronized void close() {
        if (closed.compareAndSet(false, true)) {
            vips.unref.run(segment);
        }
    }
}
