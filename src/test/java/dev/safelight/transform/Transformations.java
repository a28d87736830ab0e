package dev.safelight.transform;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Transformation.Canvas;
import dev.safelight.transform.Transformation.Crop;
import dev.safelight.transform.Transformation.Effects;
import dev.safelight.transform.Transformation.Fit;
import dev.safelight.transform.Transformation.Frames;
import dev.safelight.transform.Transformation.Output;
import dev.safelight.transform.Transformation.Padding;
import dev.safelight.transform.Transformation.Quality;
import dev.safelight.transform.Transformation.Resize;
import dev.safelight.transform.Transformation.Trim;
import dev.safelight.transform.Transformation.Turn;
import dev.safelight.transform.Transformation.Watermark;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/// Draws transformations of every kind; each part is left at its default about half of the time.
final class Transformations {
    private final Random random;

    private Transformations(Random random) {
        this.random = random;
    }

    static Arbitrary<Transformation> any() {
        return Arbitraries.randomValue(random -> new Transformations(random).draw());
    }

    private Transformation draw() {
        return new Transformation(
                or(Frames.ALL, () -> new Frames(random.nextInt(10_000), random.nextBoolean())),
                or(
                        Turn.UPRIGHT,
                        () -> new Turn(
                                random.nextBoolean(),
                                90 * random.nextInt(4),
                                random.nextBoolean(),
                                random.nextBoolean())),
                random.nextBoolean()
                        ? null
                        : new Trim(
                                real(0, 255),
                                random.nextBoolean() ? null : color(),
                                random.nextBoolean(),
                                random.nextBoolean()),
                random.nextBoolean() ? null : new Crop(size(), size(), gravity()),
                or(Resize.NONE, this::resize),
                or(
                        Effects.NONE,
                        () -> new Effects(real(0, 100), real(0, 10), random.nextInt(1001), random.nextBoolean())),
                or(
                        Canvas.NONE,
                        () -> new Canvas(
                                random.nextBoolean() ? null : place(),
                                random.nextBoolean() ? null : place(),
                                or(Padding.NONE, this::padding),
                                random.nextBoolean() ? null : color())),
                random.nextBoolean() ? null : watermark(),
                or(Output.AUTO, this::output));
    }

    private Resize resize() {
        return new Resize(
                pick(Fit.values()),
                side(),
                side(),
                side(),
                side(),
                or(1.0, () -> real(0.01, 100)),
                or(1.0, () -> real(0.01, 100)),
                or(1.0, () -> real(0.1, 8)),
                random.nextBoolean(),
                gravity());
    }

    private Padding padding() {
        int[] sides = random.ints(4, 0, 2).map(bit -> bit * 4096).toArray();
        return new Padding(sides[0], sides[1], sides[2], sides[3]);
    }

    @SuppressWarnings("NullAway") // does not see the annotation of a nested type in a class file
    private Watermark watermark() {
        return new Watermark(
                random.nextBoolean() ? null : new AssetId(new UUID(random.nextLong(), random.nextLong())),
                real(0, 1),
                random.nextInt(4) == 0 ? null : pick(Gravity.Direction.values()),
                or(0.0, () -> real(-16383, 16383)),
                or(0.0, () -> real(-1, 1)),
                or(0.0, () -> real(0, 1)));
    }

    private Output output() {
        Quality quality = switch (random.nextInt(3)) {
            case 0 -> new Quality.Standard();
            case 1 -> new Quality.Auto();
            default -> new Quality.Fixed(1 + random.nextInt(100));
        };
        Map<MediaType, Integer> own = new EnumMap<>(MediaType.class);
        for (MediaType type : Output.FORMATS) {
            if (random.nextInt(4) == 0) {
                own.put(type, 1 + random.nextInt(100));
            }
        }
        MediaType format = random.nextBoolean() ? null : pick(Output.FORMATS.toArray(MediaType[]::new));
        return new Output(format, quality, own, or(0, () -> random.nextInt(Output.MAX_BYTES)));
    }

    private Gravity gravity() {
        return switch (random.nextInt(6)) {
            case 0 -> new Gravity.Smart();
            case 1 -> new Gravity.Focal(null);
            case 2 -> Gravity.CENTER;
            default -> place();
        };
    }

    private Gravity place() {
        return random.nextInt(3) == 0
                ? new Gravity.Point(real(0, 1), real(0, 1))
                : new Gravity.Compass(
                        pick(Gravity.Direction.values()),
                        or(0.0, () -> real(-1, 1)),
                        or(0.0, () -> real(-16383, 16383)));
    }

    private Color color() {
        int value = random.nextInt();
        return new Color(
                value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, random.nextBoolean() ? 255 : value >>> 24);
    }

    private int side() {
        return or(0, () -> random.nextInt(Transformation.LONGEST_SIDE + 1));
    }

    private double size() {
        return or(0.0, () -> random.nextBoolean() ? real(0, 1) : real(0, 1_000_000));
    }

    /// Also numbers with many decimals, whole ones, the smallest and the ends of the range.
    private double real(double min, double max) {
        double value = min + random.nextDouble() * (max - min);
        return switch (random.nextInt(6)) {
            case 0 -> min;
            case 1 -> max;
            case 2 -> Math.clamp(Math.rint(value), min, max);
            case 3 -> Math.clamp(Math.rint(value * 100) / 100, min, max);
            case 4 -> Math.clamp(min + Double.MIN_VALUE, min, max);
            default -> value;
        };
    }

    private <T> T or(T standard, Supplier<T> other) {
        return random.nextBoolean() ? standard : other.get();
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
