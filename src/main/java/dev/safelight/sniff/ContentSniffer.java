package dev.safelight.sniff;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/// Tells a media type by magic bytes, with Tika's table.
///
/// Files of the ISO base media format are told apart here by all their brands: Tika looks at the first one alone, and
/// takes image sequences for video.
public final class ContentSniffer {
    private static final int LOOK_AT = 1 << 16;
    private static final int MOST_BRANDS = 64;
    private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");
    private static final Set<String> HEIC_BRANDS =
            Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1");

    private final MimeTypes types = MimeTypes.getDefaultMimeTypes();

    /// The media type of a file, such as `image/jpeg`; `application/octet-stream` when nothing is recognised.
    public String sniff(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), LOOK_AT)) {
            in.mark(LOOK_AT);
            Optional<String> byBrand = pictureByBrand(in.readNBytes(8 + 4 * MOST_BRANDS));
            if (byBrand.isPresent()) {
                return byBrand.get();
            }
            in.reset();
            String type =
                    types.detect(in, new Metadata()).getBaseType().toString().toLowerCase(Locale.ROOT);
            return switch (type) {
                case "image/apng", "image/x-png" -> "image/png";
                case "image/x-ms-bmp" -> "image/bmp";
                default -> type;
            };
        }
    }

    /// ISO/IEC 14496-12 §4.3: size, `ftyp`, major brand, minor version, then compatible brands to the end of the box.
    private static Optional<String> pictureByBrand(byte[] head) {
        if (head.length < 16 || !new String(head, 4, 4, StandardCharsets.ISO_8859_1).equals("ftyp")) {
            return Optional.empty();
        }
        long boxEnd = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
        Set<String> brands = new TreeSet<>();
        for (int at = 8; at + 4 <= Math.min(head.length, boxEnd); at += 4) {
            if (at != 12) {
                brands.add(new String(head, at, 4, StandardCharsets.ISO_8859_1));
            }
        }
        if (brands.stream().anyMatch(AVIF_BRANDS::contains)) {
            return Optional.of("image/avif");
        }
        return brands.stream().anyMatch(HEIC_BRANDS::contains) ? Optional.of("image/heic") : Optional.empty();
    }
}
