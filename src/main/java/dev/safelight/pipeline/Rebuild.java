package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Variant;
import dev.safelight.image.PlannedVariant;
import dev.safelight.image.VariantSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The way from what a version has to what the profile of now asks for.
///
/// @param make what is missing, or was made by another recipe
/// @param keep what is as it should be
/// @param replace what is made again, as it is now
/// @param remove what the profile no longer has
record Rebuild(List<PlannedVariant> make, List<Variant> keep, List<Variant> replace, List<Variant> remove) {
    Rebuild {
        make = List.copyOf(make);
        keep = List.copyOf(keep);
        replace = List.copyOf(replace);
        remove = List.copyOf(remove);
    }

    static Rebuild of(AssetVersion version, ImageSettings settings) {
        List<PlannedVariant> wanted = switch (version.facts()) {
            case Facts.Image image -> PlannedVariant.of(image.width(), image.height(), settings.specs(image));
            case null -> List.of();
        };
        var bySlot = wanted.stream().collect(Collectors.toMap(Rebuild::slot, Function.identity()));
        List<Variant> keep = new ArrayList<>();
        List<Variant> replace = new ArrayList<>();
        List<Variant> remove = new ArrayList<>();
        for (Variant variant : version.derivatives()) {
            PlannedVariant planned = bySlot.get(variant.slot());
            if (planned == null) {
                remove.add(variant);
            } else {
                (planned.spec().recipe().equals(variant.recipe()) ? keep : replace).add(variant);
            }
        }
        Set<Variant.Slot> kept = keep.stream().map(Variant::slot).collect(Collectors.toSet());
        List<PlannedVariant> make =
                wanted.stream().filter(one -> !kept.contains(slot(one))).toList();
        return new Rebuild(make, keep, replace, remove);
    }

    boolean isEmpty() {
        return make.isEmpty() && remove.isEmpty();
    }

    List<VariantSpec> specs() {
        return make.stream().map(PlannedVariant::spec).toList();
    }

    /// What is taken away, that which is made again included.
    Set<Variant.Slot> gone() {
        List<Variant> gone = new ArrayList<>(replace);
        gone.addAll(remove);
        return gone.stream().map(Variant::slot).collect(Collectors.toSet());
    }

    long bytesFreed() {
        return bytes(replace) + bytes(remove);
    }

    /// An estimate: a variant made again has its old size, a new one as many bytes a pixel as others of its
    /// format.
    long bytesToWrite() {
        return make.stream().mapToLong(this::estimate).sum();
    }

    private long estimate(PlannedVariant planned) {
        Optional<Variant> old = replace.stream()
                .filter(variant -> variant.slot().equals(slot(planned)))
                .findFirst();
        if (old.isPresent()) {
            return old.get().bytes();
        }
        MediaType format = planned.spec().format();
        double density = density(variant -> variant.format() == format);
        double likely = density > 0 ? density : density(any -> true);
        return Math.round(likely * planned.width() * planned.height());
    }

    private double density(Predicate<Variant> which) {
        List<Variant> known = new ArrayList<>(keep);
        known.addAll(replace);
        known.addAll(remove);
        known.removeIf(which.negate());
        long pixels = known.stream()
                .mapToLong(variant -> (long) variant.width() * variant.height())
                .sum();
        return pixels == 0 ? 0 : (double) bytes(known) / pixels;
    }

    private static long bytes(List<Variant> variants) {
        return variants.stream().mapToLong(Variant::bytes).sum();
    }

    private static Variant.Slot slot(PlannedVariant planned) {
        return new Variant.Slot(planned.spec().name(), planned.spec().format());
    }
}
