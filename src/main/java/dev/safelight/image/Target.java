package dev.safelight.image;

import dev.safelight.asset.MediaType;
import java.util.List;

/// One size to render, and every variant that is encoded from it.
///
/// @param scaled the whole picture at this scale
/// @param shown what is left of it after cutting, the same when nothing is cut
record Target(Size scaled, Size shown, List<VariantSpec> specs) {
    Target {
        specs = List.copyOf(specs);
    }

    boolean isCut() {
        return !scaled.equals(shown);
    }

    /// Whether the first frame is enough.
    boolean isStill() {
        return specs.stream().allMatch(VariantSpec::isStill);
    }

    /// The size that a variant of a picture has.
    static Target of(Size picture, VariantSpec spec) {
        double widthFactor = spec.width() == 0 ? 1 : (double) spec.width() / picture.width();
        double heightFactor = spec.height() == 0 ? 1 : (double) spec.height() / picture.height();
        return switch (spec.fit()) {
            case INSIDE ->
                inside(picture, Math.min(Math.min(widthFactor, heightFactor), encodable(picture, spec)), spec);
            case COVER -> cover(picture, Math.min(1, Math.max(widthFactor, heightFactor)), spec);
        };
    }

    private static Target inside(Size picture, double factor, VariantSpec spec) {
        Size size = picture.times(Math.min(1, factor));
        return new Target(size, size, List.of(spec));
    }

    private static Target cover(Size picture, double factor, VariantSpec spec) {
        Size size = picture.times(factor);
        Size shown = new Size(Math.min(spec.width(), size.width()), Math.min(spec.height(), size.height()));
        return new Target(size, shown, List.of(spec));
    }

    /// The factor that brings the longer side within what the format can store.
    private static double encodable(Size picture, VariantSpec spec) {
        int longest = spec.format() == MediaType.WEBP ? 16383 : 16384;
        return (double) longest / Math.max(picture.width(), picture.height());
    }
}
