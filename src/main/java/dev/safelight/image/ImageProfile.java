package dev.safelight.image;

import dev.safelight.asset.MediaType;
import dev.safelight.image.VariantSpec.Fit;
import java.util.ArrayList;
import java.util.List;

/// The set of variants made of each picture.
public record ImageProfile(List<VariantSpec> variants) {
    private static final int JPEG_QUALITY = 80;

    /// The scale of WebP is another one; this looks like the JPEG beside it.
    private static final int WEBP_QUALITY = 75;

    /// Five per cent more bytes than the encoder's default effort at equal quality, for a third of the time.
    private static final int EFFORT = 2;

    /// The full size dominates the time of the whole set, and is looked at least often.
    private static final int FULL_SIZE_EFFORT = 1;

    private static final List<Integer> SRCSET_WIDTHS = List.of(200, 400, 800, 1200, 1600);

    private static final List<VariantSpec> DEFAULT = build();

    public ImageProfile {
        variants = List.copyOf(variants);
    }

    /// Four named sizes as JPEG and WebP, the full size as WebP, and WebP widths for a `srcset`.
    public static List<VariantSpec> standard() {
        return DEFAULT;
    }

    private static List<VariantSpec> build() {
        List<VariantSpec> specs = new ArrayList<>();
        addPair(specs, "thumb", Fit.COVER, 150, 150);
        addPair(specs, "small", Fit.INSIDE, 320, 240);
        addPair(specs, "medium", Fit.INSIDE, 800, 600);
        addPair(specs, "large", Fit.INSIDE, 1920, 1080);
        specs.add(new VariantSpec("full", MediaType.WEBP, Fit.INSIDE, 0, 0, WEBP_QUALITY, FULL_SIZE_EFFORT));
        for (int width : SRCSET_WIDTHS) {
            specs.add(new VariantSpec("w" + width, MediaType.WEBP, Fit.INSIDE, width, 0, WEBP_QUALITY, EFFORT, true));
        }
        return List.copyOf(specs);
    }

    private static void addPair(List<VariantSpec> specs, String name, Fit fit, int width, int height) {
        specs.add(new VariantSpec(name, MediaType.JPEG, fit, width, height, JPEG_QUALITY, 0));
        specs.add(new VariantSpec(name, MediaType.WEBP, fit, width, height, WEBP_QUALITY, EFFORT));
    }
}
