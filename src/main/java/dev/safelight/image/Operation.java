package dev.safelight.image;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One libvips operation with its arguments, run once.
///
/// Numbers, enumerations and flags are handed over as the text that the command line tool of libvips takes, which
/// spares a GValue for each type.
@SuppressWarnings("restricted")
final class Operation {
    private final Vips vips;
    private final String nickname;
    private final Map<String, NativeImage> images = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, MemorySegment> pointers = new LinkedHashMap<>();
    private List<NativeImage> array = List.of();

    Operation(Vips vips, String nickname) {
        this.vips = vips;
        this.nickname = nickname;
    }

    /// An input image under the usual name `in`.
    Operation in(NativeImage image) {
        return image("in", image);
    }

    /// An input image under a name of its own.
    Operation image(String name, NativeImage image) {
        images.put(name, image);
        return this;
    }

    /// An array of input images under the usual name `in`.
    Operation in(List<NativeImage> several) {
        array = List.copyOf(several);
        return this;
    }

    Operation with(String name, Object value) {
        texts.put(name, value.toString());
        return this;
    }

    /// Runs it; the result is lazy where libvips is, so that pixels may be computed, and fail, only later.
    NativeImage toImage() throws VipsException {
        return run("out", NativeImage::new);
    }

    /// Runs an encoder.
    byte[] toBytes() throws VipsException {
        return run("buffer", Operation::takeBlob);
    }

    /// What is done with an image while it is open.
    interface Use<T> {
        T of(NativeImage image) throws VipsException;
    }

    /// Runs a decoder on the bytes of a file, which stay where they are for as long as the image is used.
    <T> T reading(byte[] file, Use<T> use) throws VipsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, file);
            MemorySegment blob = vips.blobNew.pointer(NULL, bytes, (long) file.length);
            pointers.put("buffer", blob);
            try (NativeImage image = toImage()) {
                return use.of(image);
            } finally {
                vips.areaUnref.run(blob);
            }
        }
    }

    /// Runs it for a result that is an image and a pair of whole numbers beside it.
    Point toPoint(String x, String y) throws VipsException {
        MemorySegment operation = built();
        try (Arena arena = Arena.ofConfined()) {
            return new Point(number(arena, operation, x), number(arena, operation, y));
        } finally {
            release(operation);
        }
    }

    /// Runs it for whole numbers alone.
    List<Integer> toNumbers(List<String> names) throws VipsException {
        MemorySegment operation = built();
        try (Arena arena = Arena.ofConfined()) {
            return names.stream().map(name -> number(arena, operation, name)).toList();
        } finally {
            release(operation);
        }
    }

    /// A pixel position.
    record Point(int x, int y) {}

    private interface Taker<T> {
        T take(Vips vips, MemorySegment result);
    }

    private <T> T run(String output, Taker<T> taker) throws VipsException {
        MemorySegment operation = built();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            vips.getObject.run(operation, arena.allocateFrom(output), result, NULL);
            return taker.take(vips, result.get(ADDRESS, 0));
        } finally {
            release(operation);
        }
    }

    private int number(Arena arena, MemorySegment operation, String output) {
        MemorySegment result = arena.allocate(JAVA_LONG);
        vips.getObject.run(operation, arena.allocateFrom(output), result, NULL);
        return result.get(JAVA_INT, 0);
    }

    private MemorySegment built() throws VipsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment operation = vips.operationNew.pointer(arena.allocateFrom(nickname));
            if (operation.equals(NULL)) {
                throw vips.failure(nickname);
            }
            boolean done = false;
            try {
                setArguments(arena, operation);
                if (vips.build.number(operation) != 0) {
                    throw vips.failure(nickname);
                }
                done = true;
                return operation;
            } finally {
                if (!done) {
                    release(operation);
                }
            }
        }
    }

    private void setArguments(Arena arena, MemorySegment operation) throws VipsException {
        images.forEach((name, image) -> vips.setObject.run(operation, arena.allocateFrom(name), image.segment(), NULL));
        pointers.forEach((name, value) -> vips.setObject.run(operation, arena.allocateFrom(name), value, NULL));
        if (!array.isEmpty()) {
            setArray(arena, operation);
        }
        for (Map.Entry<String, String> text : texts.entrySet()) {
            if (vips.setArgument.number(
                            operation, arena.allocateFrom(text.getKey()), arena.allocateFrom(text.getValue()))
                    != 0) {
                throw vips.failure(nickname + " " + text.getKey());
            }
        }
    }

    private void setArray(Arena arena, MemorySegment operation) {
        MemorySegment pointers = arena.allocate(ADDRESS, array.size());
        for (int i = 0; i < array.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, array.get(i).segment());
        }
        MemorySegment boxed = vips.arrayImageNew.pointer(pointers, array.size());
        vips.setObject.run(operation, arena.allocateFrom("in"), boxed, NULL);
        vips.areaUnref.run(boxed);
    }

    private void release(MemorySegment operation) {
        vips.unrefOutputs.run(operation);
        vips.unref.run(operation);
    }

    private static byte[] takeBlob(Vips vips, MemorySegment blob) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(JAVA_LONG);
            MemorySegment data = vips.blobGet.pointer(blob, length);
            return data.reinterpret(length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
        } finally {
            vips.areaUnref.run(blob);
        }
    }
}
