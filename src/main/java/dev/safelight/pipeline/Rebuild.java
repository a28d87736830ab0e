package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
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
/// @param unlisted variants that the profile no longer has, or has at another width; they stay, as somebody may
///     use their addresses
/// @param replace what is made again under its address, as it is now
/// @param remove the same as unlisted where that does not stay: mezzanines, whose addresses nobody has, or all
record Rebuild(
        List<PlannedVariant> make,
        List<Variant> keep,
        List<Variant> unlisted,
        List<Variant> replace,
        List<Variant> remove) {
    Rebuild {
        make = List.copyOf(make);
        keep = List.copyOf(keep);
        unlisted = List.copyOf(unlisted);
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
        List<Variant> unlisted = new ArrayList<>();
        List<Variant> replace = new ArrayList<>();
        List<Variant> remove = new ArrayList<>();
        for (Variant variant : version.derivatives()) {
            PlannedVariant planned = bySlot.get(variant.slot());
            if (planned != null && planned.spec().recipe().equals(variant.recipe())) {
                keep.add(variant);
            } else if (planned != null && planned.width() == variant.width()) {
                replace.add(variant);
            } else {
                boolean stays = !settings.prune() && version.variants().contains(variant);
                (stays ? unlisted : remove).add(variant);
            }
        }
        Set<Variant.Slot> kept = keep.stream().map(Variant::slot).collect(Collectors.toSet());
        List<PlannedVariant> make =
                wanted.stream().filter(one -> !kept.contains(slot(one))).toList();
        return new Rebuild(make, keep, unlisted, replace, remove);
    }

    boolean isEmpty() {
        return make.isEmpty() && remove.isEmpty();
    }

    List<VariantSpec> specs() {
        return make.stream().map(PlannedVariant::spec).toList();
    }

    /// What is taken away, that which is made again included.
    Set<BlobKey> gone() {
        List<Variant> gone = new ArrayList<>(replace);
        gone.addAll(remove);
        return gone.stream().map(Variant::key).collect(Collectors.toSet());
    }

    long bytesFreed() {
        return bytes(replace) + bytes(remove);
    }

    /// An estimate: a variant made again has its old size, a new one as many bytes a pixel as others
    /// of its format.
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
        known.addAll(unlisted);
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
