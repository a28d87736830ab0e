package dev.safelight.pipeline;

import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.image.VariantSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which intermediates are stored beside the variants, so that later pictures are made from something small.
///
/// A size is made only if it is clearly smaller than the picture: else the original is as good a source. The
/// largest size is made in any case of an original that no request should have to read: in a format that is slow
/// to decode, with 16 bits a sample, or CMYK. It is never larger than the original, so of a small one it is a copy.
///
/// @param sizes of the longer side in pixels, 64 to 8192, at most 8 of them; empty for no mezzanines
/// @param quality of JPEG, 80 to 100; pictures with alpha are WebP of a somewhat higher number, which looks alike
record MezzaninePolicy(
        @DefaultValue({"2048", "1024", "640"}) List<Integer> sizes,
        @DefaultValue("92") int quality) {

    /// What the names of all mezzanines begin with, and no entry of a profile may.
    static final String PREFIX = "source-";

    /// How much longer than a size the picture has to be.
    private static final double WORTHWHILE = 1.25;

    private static final int WEBP_BONUS = 3;
    private static final int WEBP_EFFORT = 1;
    private static final int MOST = 8;

    MezzaninePolicy {
        sizes = sizes.stream().sorted(Comparator.reverseOrder()).toList();
        if (sizes.size() > MOST || sizes.stream().anyMatch(size -> size < 64 || size > 8192)) {
            throw new IllegalArgumentException(
                    "safelight.image.mezzanine.sizes are at most 8 of 64 to 8192 pixels, not " + sizes);
        }
        if (sizes.stream().distinct().count() < sizes.size()) {
            throw new IllegalArgumentException("safelight.image.mezzanine.sizes names a size twice: " + sizes);
        }
        if (quality < 80 || quality > 100) {
            throw new IllegalArgumentException("safelight.image.mezzanine.quality is 80 to 100, not " + quality);
        }
    }

    /// The mezzanines of a picture, largest first.
    List<VariantSpec> of(Facts.Image picture) {
        int longest = Math.max(picture.width(), picture.height());
        List<VariantSpec> specs = new ArrayList<>();
        for (int size : sizes) {
            boolean largest = specs.isEmpty() && size == sizes.getFirst();
            if (longest >= WORTHWHILE * size || (largest && isUnfit(picture))) {
                specs.add(spec(size, picture.hasAlpha()));
            }
        }
        return specs;
    }

    private static boolean isUnfit(Facts.Image picture) {
        return picture.converted()
                || switch (picture.mediaType()) {
                    case AVIF, HEIC, JXL, TIFF -> true;
                    // Drawings are small files, and sharp at any size.
                    case SVG, JPEG, PNG, WEBP, GIF, PSD, BMP -> false;
                    case MP4, QUICKTIME, WEBM, PDF, TEXT -> false;
                };
    }

    private VariantSpec spec(int size, boolean hasAlpha) {
        return new VariantSpec(
                PREFIX + size,
                hasAlpha ? MediaType.WEBP : MediaType.JPEG,
                VariantSpec.Fit.INSIDE,
                size,
                size,
                hasAlpha ? Math.min(100, quality + WEBP_BONUS) : quality,
                hasAlpha ? WEBP_EFFORT : 0,
                false,
                VariantSpec.Purpose.SOURCE);
    }
}
