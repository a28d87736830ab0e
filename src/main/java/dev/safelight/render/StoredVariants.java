package dev.safelight.render;

import dev.safelight.asset.Variant;
import dev.safelight.image.VariantSpec;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Recognises requests for what the pipeline has made already.
final class StoredVariants {
    private final List<VariantSpec> profile;

    /// @param profile the variants that the pipeline makes of each picture
    StoredVariants(List<VariantSpec> profile) {
        this.profile = List.copyOf(profile);
    }

    /// The variant that is exactly what an order would give, made by the same recipe.
    Optional<Variant> exactly(Order order) {
        if (!(order.subject() instanceof Subject.Stored stored)) {
            return Optional.empty();
        }
        return profile.stream()
                .filter(spec -> spec.format() == order.format() && isSame(order.transformation(), spec))
                .flatMap(spec -> stored.version().variants().stream()
                        .filter(variant -> variant.format() == spec.format()
                                && variant.recipe().equals(spec.recipe())))
                .findFirst();
    }

    private static boolean isSame(Transformation wanted, VariantSpec spec) {
        return wanted.equals(new Transformation(
                Transformation.Frames.ALL,
                Transformation.Turn.UPRIGHT,
                null,
                null,
                new Transformation.Resize(fit(spec), spec.width(), spec.height(), 0, 0, 1, 1, 1, false, Gravity.CENTER),
                Transformation.Effects.NONE,
                Transformation.Canvas.NONE,
                null,
                new Transformation.Output(spec.format(), quality(wanted, spec), Map.of(), 0)));
    }

    /// What the standard quality is, the profile says.
    private static Transformation.Quality quality(Transformation wanted, VariantSpec spec) {
        return wanted.output().quality() instanceof Transformation.Quality.Standard standard
                ? standard
                : new Transformation.Quality.Fixed(spec.quality());
    }

    private static Transformation.Fit fit(VariantSpec spec) {
        return switch (spec.fit()) {
            case INSIDE -> Transformation.Fit.INSIDE;
            case COVER -> Transformation.Fit.COVER;
        };
    }
}
