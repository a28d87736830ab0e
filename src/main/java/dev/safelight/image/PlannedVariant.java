package dev.safelight.image;

import java.util.List;

/// A variant that a picture will have, known before it is rendered.
///
/// @param width in pixels
/// @param height in pixels, of one frame
public record PlannedVariant(VariantSpec spec, int width, int height) {

    /// What [ImageEngine#render] makes of a picture, in the order of the specs.
    ///
    /// @param width of the picture in pixels as displayed
    /// @param height of the picture in pixels as displayed
    public static List<PlannedVariant> of(int width, int height, List<VariantSpec> specs) {
        Size picture = new Size(width, height);
        return Plan.withoutLarger(picture, specs).stream()
                .map(spec -> {
                    Size shown = Target.of(picture, spec).shown();
                    return new PlannedVariant(spec, shown.width(), shown.height());
                })
                .toList();
    }
}
