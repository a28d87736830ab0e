package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.MediaType;
import dev.safelight.testing.Pictures;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Gravity.Direction;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Quality;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a transformation is thought to take, against what libvips counts of its own memory for pixels.
///
/// Decoders and encoders have more that nobody counts, so an estimate may be far above; it is never below.
class FootprintTest {
    private static final int ATTEMPTS = 20;
    private static final ImageLimits LIMITS = ImageLimits.DEFAULT;
    private static final int SIDE = 2400;

    private static ImageEngine engine;
    private static Libraries libraries;

    @TempDir
    private static Path folder;

    private static Path png;
    private static Path transparent;
    private static Path lying;
    private static Path jpeg;
    private static Path small;

    @BeforeAll
    static void open() throws IOException {
        engine = new ImageEngine(LIMITS, 1);
        libraries = Libraries.open();
        png = file("a.png", Pictures.png(SIDE, SIDE));
        transparent = file("b.png", Pictures.transparentPng(SIDE, SIDE));
        lying = file("c.png", turned(Pictures.png(SIDE, SIDE), 6));
        jpeg = file("d.jpg", Pictures.jpeg(SIDE, SIDE));
        small = file("e.png", Pictures.png(300, 300));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    record Case(String name, TransformSource source, Wanted wanted) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        Wanted thumbnail = Wanted.as(MediaType.WEBP).fit(Fit.INSIDE, 300, 0);
        Wanted large = Wanted.as(MediaType.JPEG).fit(Fit.FILL, 2048, 2048).enlarge();
        Wanted plain = Wanted.as(MediaType.JPEG);
        List<Case> cases = new ArrayList<>(List.of(
                new Case("opaque", of(png), thumbnail),
                new Case("transparent", of(transparent), thumbnail),
                new Case("its own size", of(png), Wanted.as(MediaType.PNG)),
                new Case("on its side", of(lying), thumbnail),
                new Case("photo", of(jpeg), thumbnail),
                new Case(
                        "photo, hardly smaller",
                        of(jpeg),
                        Wanted.as(MediaType.JPEG).fit(Fit.INSIDE, 2000, 0)),
                new Case("turned", of(png), thumbnail.turn(true, 90, false, false)),
                new Case("upside down", of(transparent), thumbnail.turn(true, 0, false, true)),
                new Case("trimmed", of(transparent), thumbnail.trim(10, null, false, false)),
                new Case(
                        "the part that catches the eye", of(png), plain.fit(Fit.COVER, 2000, 500, new Gravity.Smart())),
                new Case("effects", of(png), plain.fit(Fit.INSIDE, 1200, 0).effects(30, 2, 40, true)),
                new Case(
                        "effects with alpha",
                        of(transparent),
                        Wanted.as(MediaType.PNG).effects(9, 1, 0, false)),
                new Case("enlarged", of(small), large),
                new Case(
                        "animation",
                        of(file("f.gif", Pictures.animatedGif(400, 300, 12, 5)), MediaType.GIF, 400, 300),
                        Wanted.as(MediaType.WEBP)),
                new Case(
                        "TIFF",
                        of(file("g.tif", HostilePictures.tiff(1500, 1500, 4)), MediaType.TIFF, 1500, 1500),
                        thumbnail),
                new Case(
                        "TIFF, turned",
                        of(file("h.tif", HostilePictures.tiff(1500, 1500, 4)), MediaType.TIFF, 1500, 1500),
                        thumbnail.turn(true, 90, false, false)),
                new Case(
                        "trimmed and grown",
                        of(small),
                        plain.fit(Fit.COVER, 1800, 1800)
                                .enlarge()
                                .trim(5, null, false, false)
                                .effects(2, 0, 0, false))));
        for (MediaType format : List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.AVIF, MediaType.GIF)) {
            Wanted smaller = Wanted.as(format).fit(Fit.INSIDE, 1000, 0);
            cases.add(new Case("as " + format, of(png), smaller));
            cases.add(new Case("searched, as " + format, of(png), smaller.output(new Quality.Auto(), 5000)));
        }
        for (Path mark : List.of(small, transparent, lying)) {
            String name = mark.getFileName() + " ";
            cases.add(new Case(name + "once", under(mark), large.watermark(0.5, Direction.EAST, 9, 9, 0)));
            cases.add(
                    new Case(name + "once on a small one", under(mark), plain.watermark(0.5, Direction.EAST, 9, 9, 0)));
            cases.add(new Case(name + "scaled", under(mark), large.watermark(1, Direction.CENTER, 0, 0, 0.3)));
            cases.add(new Case(name + "repeated", under(mark), large.watermark(0.5, null, 7, 7, 0)));
            cases.add(new Case(name + "far apart", under(mark), large.watermark(0.5, null, 8192, 8192, 1)));
            cases.add(new Case(name + "far apart, thin", under(mark), large.watermark(0.5, null, 0, 8192, 0.01)));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isNeverBelowWhatPixelsTake(Case made) throws Exception {
        long estimated = estimated(made);

        long taken = 0;
        // Who looks may find no core to look from as long as a quick picture is made.
        for (int attempt = 0; taken == 0 && attempt < ATTEMPTS; attempt++) {
            taken = taken(() -> engine.transform(made.source(), made.wanted().value()));
        }

        assertThat(taken).isBetween(1L, estimated);
    }

    @Test
    void expectsAFewRowsOfAPictureThatIsUpright() throws Exception {
        Wanted wanted = Wanted.as(MediaType.JPEG).fit(Fit.INSIDE, 10, 10);
        byte[] tall = Pictures.png(100, 20_000);
        long pixels = 3L * 100 * 20_000;

        assertThat(estimated(new Case("upright", of(file("y.png", tall), MediaType.PNG, 100, 20_000), wanted)))
                .isLessThan(pixels / 2);
        assertThat(estimated(new Case("lying", of(file("z.png", turned(tall, 6)), MediaType.PNG, 20_000, 100), wanted)))
                .isGreaterThan(pixels);
    }

    private static long estimated(Case made) throws ImageRejected {
        Decoder decoder = new Decoder(libraries, LIMITS);
        TransformSource source = made.source();
        Probe probe = decoder.probe(source.file(), source.type());
        Probe mark = source.watermark() == null ? null : decoder.probe(source.watermark(), MediaType.PNG);
        TransformJob job =
                new TransformJob(decoder, LIMITS, source, made.wanted().value(), probe, mark);
        return Footprint.of(probe, job, decoder.isBuffered(source.file(), probe))
                .bytes();
    }

    private interface Work {
        void run() throws Exception;
    }

    /// The most that was in use at any time; the library's own mark of that only ever rises.
    private static long taken(Work work) throws Exception {
        Vips vips = libraries.primary();
        long before = vips.pixelMemory();
        AtomicLong most = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        Thread watch = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                most.accumulateAndGet(vips.pixelMemory() - before, Math::max);
            }
        });
        try {
            work.run();
        } finally {
            done.set(true);
            watch.join();
        }
        return most.get();
    }

    private static TransformSource of(Path file) {
        MediaType type = file.equals(jpeg) ? MediaType.JPEG : MediaType.PNG;
        int side = file.equals(small) ? 300 : SIDE;
        return of(file, type, side, side);
    }

    private static TransformSource of(Path file, MediaType type, int width, int height) {
        return new TransformSource(file, type, width, height);
    }

    private static TransformSource under(Path mark) {
        return new TransformSource(small, MediaType.PNG, 300, 300, mark, MediaType.PNG);
    }

    private static Path file(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// With what a camera notes, put behind the first chunk.
    static byte[] turned(byte[] png, int orientation) {
        byte[] exif = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) orientation, 0, 0, 0, 0};
        ByteBuffer chunk = ByteBuffer.allocate(12 + exif.length + 2);
        chunk.putInt(exif.length + 2)
                .put("eXIf".getBytes(StandardCharsets.US_ASCII))
                .put(exif)
                .putShort((short) 0);
        CRC32 sum = new CRC32();
        sum.update(chunk.array(), 4, 4 + exif.length + 2);
        chunk.putInt((int) sum.getValue());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int header = 8 + 25;
        out.write(png, 0, header);
        out.writeBytes(chunk.array());
        out.write(png, header, png.length - header);
        return out.toByteArray();
    }
}
