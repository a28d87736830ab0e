package dev.safelight.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The distinct sizes that a set of variants needs, largest first, so that each can be made from one before it.
record Plan(List<Target> targets) {
    private record Shape(Size scaled, Size shown) {}

    static Plan of(Size picture, List<VariantSpec> specs) {
        Map<Shape, List<VariantSpec>> shapes = new LinkedHashMap<>();
        for (VariantSpec spec : withoutLarger(picture, specs)) {
            Target target = Target.of(picture, spec);
            shapes.computeIfAbsent(new Shape(target.scaled(), target.shown()), _ -> new ArrayList<>())
                    .add(spec);
        }
        return new Plan(shapes.entrySet().stream()
                .map(shape -> new Target(shape.getKey().scaled(), shape.getKey().shown(), shape.getValue()))
                .sorted(Comparator.comparingLong(
                                (Target target) -> target.scaled().area())
                        .reversed())
                .toList());
    }

    /// How much smaller than the picture the largest target is, 1 when it is the picture's own size.
    double reduction(Size picture) {
        return targets.stream()
                .mapToDouble(target -> Math.min(
                        (double) picture.width() / target.scaled().width(),
                        (double) picture.height() / target.scaled().height()))
                .min()
                .orElse(1);
    }

    /// Whether any variant can move.
    boolean wantsAnimation() {
        return targets.stream().anyMatch(target -> !target.isStill());
    }

    /// Those of the specs that a picture is large enough for.
    static List<VariantSpec> withoutLarger(Size picture, List<VariantSpec> specs) {
        return specs.stream()
                .filter(spec -> !spec.skipIfLarger() || fills(picture, spec) || isLastResort(picture, spec, specs))
                .toList();
    }

    private static boolean fills(Size picture, VariantSpec spec) {
        return picture.width() >= spec.width() && picture.height() >= spec.height();
    }

    private static boolean isLastResort(Size picture, VariantSpec spec, List<VariantSpec> specs) {
        List<VariantSpec> group = specs.stream()
                .filter(other -> other.skipIfLarger() && other.format() == spec.format())
                .toList();
        return group.stream().noneMatch(other -> fills(picture, other))
                && group.stream()
                        .min(Comparator.comparingInt(VariantSpec::width).thenComparingInt(VariantSpec::height))
                        .filter(spec::equals)
                        .isPresent();
    }
}
