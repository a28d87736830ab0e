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
        try (ImageScope scope = new ImageScope()) {
            return switch (spec.format()) {
                case WEBP -> webp(spec.isStill() ? picture.first(scope) : picture.strip(), spec);
                case JPEG -> jpeg(opaque(picture.first(scope), scope), spec);
                case AVIF ->
                    save(picture.first(scope), "heifsave_buffer")
                            .with("compression", "av1")
                            .with("bitdepth", 8)
                            .with("Q", spec.quality())
                            .with("effort", spec.effort())
                            .with("subsample_mode", "on")
                            .toBytes();
                case PNG -> save(picture.first(scope), "pngsave_buffer").toBytes();
                default -> throw new IllegalArgumentException("variants are never " + spec.format());
            };
        }
    }

    private static byte[] jpeg(NativeImage image, VariantSpec spec) throws VipsException {
        Operation save =
                save(image, "jpegsave_buffer")
                        .with("Q", spec.quality())
                        .with("quant_table", spec.standardTables() ? JPEG_STANDARD_TABLE : JPEG_TABLE);
        return switch (spec.purpose()) {
            case DELIVERY -> save.with("optimize_coding", true).toBytes();
            // Never sent, but read often: small tables are not worth a second pass, nor colour at full resolution a
            // third more time for each reader. Left to itself, libvips would keep it at this quality.
            case SOURCE -> save.with("subsample_mode", "on").toBytes();
        };
    }

    private static byte[] webp(NativeImage image, VariantSpec spec) throws VipsException {
        byte[] webp = save(image, "webpsave_buffer")
                .with("Q", spec.quality())
                .with("effort", spec.effort())
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
            VariantSpec spec = new VariantSpec("probe", type, VariantSpec.Fit.INSIDE, 0, 0, 80, 0);
            return encode(new Picture(image, 1), spec).length > 0;
        } catch (VipsException _) {
            return false;
        }
    }
}
