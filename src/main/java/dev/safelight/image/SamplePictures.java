package dev.safelight.image;

import dev.safelight.asset.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A tiny picture of each readable format: only decoding one tells whether a library was built with the decoder.
final class SamplePictures {
    private SamplePictures() {}

    /// Whether a library decodes a type.
    static boolean reads(Vips vips, MediaType type) {
        Optional<Reader> reader = Reader.of(type);
        if (reader.isEmpty() || !vips.has(reader.get().operation())) {
            return false;
        }
        byte[] sample = sample(type);
        try {
            Path file = Files.createTempFile("safelight-sample", "." + type.extension());
            try {
                Files.write(file, sample);
                return decodes(vips, reader.get(), file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean decodes(Vips vips, Reader reader, Path file) {
        try (NativeImage header = vips.operation(reader.operation())
                        .with("filename", file)
                        .toImage();
                NativeImage pixels = header.inMemory()) {
            return pixels.width() > 0;
        } catch (VipsException _) {
            return false;
        }
    }

    private static byte[] sample(MediaType type) {
        String name = "sample/picture." + type.extension();
        try (InputStream in = SamplePictures.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
