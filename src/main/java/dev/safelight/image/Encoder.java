package dev.safelight.image;

import dev.safelight.asset.MediaType;

/// Writes a picture in memory as one of the delivery formats, without any metadata.
final class Encoder {
    /// The table of mozjpeg with the best bytes at equal quality; other builds of libvips ignore it.
    private static final int JPEG_TABLE = 3;

    /// The one in the JPEG standard (ITU-T T.81, annex K).
    private static final int JPEG_STANDARD_TABLE = 0;

    private Encoder() {}

    static byte[] encode(Picture picture, VariantSpec spec) throws VipsException {
        return encode(picture, Encoding.of(spec));
    }

    static byte[] encode(Picture picture, Encoding encoding) throws VipsException {
        try (ImageScope scope = new ImageScope()) {
            return switch (encoding.format()) {
                case WEBP -> webp(encoding.still() ? picture.first(scope) : picture.strip(), encoding);
                case JPEG -> jpeg(opaque(picture.first(scope), scope), encoding);
                case AVIF ->
                    save(picture.first(scope), "heifsave_buffer")
                            .with("compression", "av1")
                            .with("bitdepth", 8)
                            .with("Q", encoding.quality())
                            .with("effort", encoding.effort())
                            .with("subsample_mode", "on")
                            .toBytes();
                case PNG ->
                    save(picture.first(scope), "pngsave_buffer")
                            .with("compression", encoding.effort())
                            .toBytes();
                case GIF ->
                    save(picture.strip(), "gifsave_buffer")
                            .with("effort", encoding.effort())
                            .toBytes();
                default -> throw new IllegalArgumentException("pictures are never written as " + encoding.format());
            };
        }
    }

    private static byte[] jpeg(NativeImage image, Encoding encoding) throws VipsException {
        Operation save = save(image, "jpegsave_buffer").with("Q", encoding.quality());
        return switch (encoding.style()) {
            case COMPACT ->
                save.with("quant_table", JPEG_TABLE)
                        .with("optimize_coding", true)
                        .toBytes();
            case STANDARD_TABLES ->
                save.with("quant_table", JPEG_STANDARD_TABLE)
                        .with("optimize_coding", true)
                        .toBytes();
            // Left to itself, libvips would keep colour at full resolution at this quality.
            case SOURCE ->
                save.with("quant_table", JPEG_TABLE)
                        .with("subsample_mode", "on")
                        .toBytes();
        };
    }

    private static byte[] webp(NativeImage image, Encoding encoding) throws VipsException {
        byte[] webp = save(image, "webpsave_buffer")
                .with("Q", encoding.quality())
                .with("effort", encoding.effort())
                .toBytes();
        return image.vips().isAtLeast(8, 15) ? webp : WebpMetadata.removed(webp);
    }

    private static Operation save(NativeImage image, String operation) {
        Operation save = image.operation(operation);
        return image.vips().isAtLeast(8, 15) ? save.with("keep", "none") : save.with("strip", true);
    }

    private static NativeImage opaque(NativeImage image, ImageScope scope) throws VipsException {
        return image.hasAlpha()
                ? scope.keep(image.operation("flatten")
                        .with("background", "255 255 255")
                        .toImage())
                : image;
    }

    /// Whether a library can write a type.
    static boolean writes(Vips vips, MediaType type) {
        byte[] grey = new byte[16 * 16 * 3];
        try (NativeImage image = NativeImage.ofRgb(vips, grey, 16, 16)) {
            return encode(new Picture(image, 1), new Encoding(type, 80, 1)).length > 0;
        } catch (VipsException _) {
            return false;
        }
    }
}
