package dev.safelight.image;

import dev.safelight.asset.MediaType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One entry of a profile: what to make of an original.
///
/// @param name lower-case letters, digits and dashes; together with the format unique in a profile
/// @param format JPEG, PNG, WEBP or AVIF
/// @param fit how the picture meets the box
/// @param width of the box in pixels, 1 to 16384; 0 for no limit
/// @param height of the box in pixels, 1 to 16384; 0 for no limit
/// @param quality 1 to 100, on the scale of the encoder
/// @param effort of the encoder: WEBP 0 to 6, AVIF 0 to 9 and less for large boxes, ignored by the others
/// @param skipIfLarger left out when the picture does not fill the box, as a width in a `srcset` that promises more
///     pixels than there are; the smallest such entry of a format stays when all would be left out
/// @param standardTables JPEG as most encoders write it: with the quantisation tables of the standard, which take more
///     bytes for the same look than the ones used otherwise; ignored by the others
public record VariantSpec(
        String name,
        MediaType format,
        Fit fit,
        int width,
        int height,
        int quality,
        int effort,
        boolean skipIfLarger,
        Purpose purpose,
        boolean standardTables) {

    /// Counts changes of the engine that change its output, so that stored variants are known to be outdated.
    private static final int ENGINE_REVISION = 2;

    private static final int MAX_BOX = 16384;

    /// The encoder takes minutes for more of both, and cannot be stopped.
    private static final int AVIF_EFFORT = 4;

    private static final long AVIF_AREA = 2048L * 2048;

    /// What a variant is made for.
    public enum Purpose {
        /// To be shown.
        DELIVERY,
        /// To make other pictures from: the first frame alone, quick to read.
        SOURCE
    }

    /// How a picture meets a box of another shape; it is never enlarged.
    public enum Fit {
        /// As large as fits into the box.
        INSIDE,
        /// Fills the box exactly, cut around the middle.
        COVER
    }

    public VariantSpec {
        if (!name.matches("[a-z0-9-]{1,40}")) {
            throw new IllegalArgumentException("a variant is named by lower-case letters, digits and dashes: " + name);
        }
        int maxEffort = switch (format) {
            case WEBP -> 6;
            case AVIF -> 9;
            case JPEG, PNG -> Integer.MAX_VALUE;
            default -> throw new IllegalArgumentException("variants are JPEG, PNG, WEBP or AVIF, not " + format);
        };
        requireWithin("width", width, 0, MAX_BOX);
        requireWithin("height", height, 0, MAX_BOX);
        requireWithin("quality", quality, 1, 100);
        requireWithin("effort", effort, 0, maxEffort);
        if (format == MediaType.AVIF && effort > AVIF_EFFORT && area(width, height) > AVIF_AREA) {
            throw new IllegalArgumentException("an AVIF variant has an effort of up to " + AVIF_EFFORT
                    + ", or a box with both sides and up to 2048 x 2048 pixels: " + name);
        }
        if (fit == Fit.COVER && (width == 0 || height == 0)) {
            throw new IllegalArgumentException("a box to cover has a width and a height: " + name);
        }
    }

    public VariantSpec(String name, MediaType format, Fit fit, int width, int height, int quality, int effort) {
        this(name, format, fit, width, height, quality, effort, false);
    }

    public VariantSpec(
            String name,
            MediaType format,
            Fit fit,
            int width,
            int height,
            int quality,
            int effort,
            boolean skipIfLarger) {
        this(name, format, fit, width, height, quality, effort, skipIfLarger, Purpose.DELIVERY);
    }

    public VariantSpec(
            String name,
            MediaType format,
            Fit fit,
            int width,
            int height,
            int quality,
            int effort,
            boolean skipIfLarger,
            Purpose purpose) {
        this(name, format, fit, width, height, quality, effort, skipIfLarger, purpose, false);
    }

    /// The same with the tables of the standard.
    public VariantSpec withStandardTables() {
        return new VariantSpec(name, format, fit, width, height, quality, effort, skipIfLarger, purpose, true);
    }

    /// Whether it shows the first frame alone.
    boolean isStill() {
        return format != MediaType.WEBP || purpose == Purpose.SOURCE;
    }

    /// A short hash of everything that shapes the bytes made from a given original; the name does not.
    public String recipe() {
        String text = "r%d/%s/%s/%dx%d/q%d/e%d"
                .formatted(ENGINE_REVISION, format.extension(), fit, width, height, quality, effort)
                .concat(purpose == Purpose.SOURCE ? "/source" : "")
                .concat(standardTables ? "/standard" : "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The most pixels that fit into a box.
    private static long area(int width, int height) {
        return (width == 0 ? MAX_BOX : (long) width) * (height == 0 ? MAX_BOX : (long) height);
    }

    private static void requireWithin(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "the " + what + " of a variant is " + min + " to " + max + ", not " + value);
        }
    }
}
