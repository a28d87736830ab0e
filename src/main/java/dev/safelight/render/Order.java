package dev.safelight.render;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A picture that is wanted, with nothing left open: equal keys are answered with equal bytes.
///
/// @param transformation with its format, and without a focal point or watermark that the catalogue still
///     has to name
/// @param watermark the picture to lay over it, when the transformation says so
/// @param byPreset whether it was asked for by presets alone, which are few and worth keeping longer
public record Order(
        Subject subject,
        Transformation transformation,
        @Nullable Subject watermark,
        boolean byPreset) {
    public Order {
        Objects.requireNonNull(transformation.output().format(), "an order names its format");
        if ((transformation.watermark() == null) != (watermark == null)) {
            throw new IllegalArgumentException("a watermark comes with its picture");
        }
    }

    public MediaType format() {
        return Objects.requireNonNull(transformation.output().format());
    }

    /// The assets that show in it.
    public Set<AssetId> assets() {
        return Stream.of(subject, watermark)
                .flatMap(one -> one == null ? Stream.empty() : one.asset().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Names the result: the source, everything that is done to it, and how this release does it. Sources that are
    /// made again by another profile leave it as it was, since all of them stand for the same picture.
    public String key() {
        String over = watermark == null ? "" : "+" + watermark.key();
        return "r%d/%s%s?%s".formatted(Renderer.REVISION, subject.key(), over, transformation);
    }
}
