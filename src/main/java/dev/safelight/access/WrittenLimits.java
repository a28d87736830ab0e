package dev.safelight.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The limits of a key as JSON: in the API, and in the table of keys. What is absent is not limited by the key.
///
/// @param spaces product, user, marketing
/// @param types such as image/jpeg
/// @param maxBytes of one upload
/// @param maxPixels of one picture, all frames together
/// @param maxDuration of what plays, in seconds
/// @param quota bytes that all originals of the key may have together
/// @param grantsPerMinute how many uploads it may be granted within a minute
@JsonInclude(JsonInclude.Include.NON_NULL)
record WrittenLimits(
        @Nullable List<String> spaces,
        @Nullable List<String> types,
        @Nullable Long maxBytes,
        @Nullable Long maxPixels,
        @Nullable Long maxDuration,
        @Nullable Long quota,
        @Nullable Integer grantsPerMinute) {
    /// More than anything plays, and little enough to be counted in milliseconds.
    private static final long LONGEST = Duration.ofDays(365).toSeconds();

    static WrittenLimits of(KeyLimits limits) {
        Duration duration = limits.maxDuration();
        return new WrittenLimits(
                texts(limits.spaces(), Space.values(), Space::text),
                texts(limits.types(), MediaType.values(), MediaType::text),
                limits.maxBytes(),
                limits.maxPixels(),
                duration == null ? null : duration.toSeconds(),
                limits.quota(),
                limits.grantsPerMinute());
    }

    private static <T> @Nullable List<String> texts(@Nullable Set<T> wanted, T[] all, Function<T, String> text) {
        return wanted == null
                ? null
                : Arrays.stream(all).filter(wanted::contains).map(text).toList();
    }

    /// @throws Failure invalid, when one is not positive or not known
    KeyLimits read() {
        requirePositive("maxBytes", maxBytes);
        requirePositive("maxPixels", maxPixels);
        requirePositive("maxDuration", maxDuration);
        requirePositive("quota", quota);
        requirePositive("grantsPerMinute", grantsPerMinute);
        if (maxDuration != null && maxDuration > LONGEST) {
            throw new Failure(
                    Failure.Kind.INVALID, "limits.maxDuration must be at most %d seconds.".formatted(LONGEST));
        }
        return new KeyLimits(
                known("spaces", spaces, Space::parse, Space.values()),
                known("types", types, MediaType::parse, MediaType.values()),
                maxBytes,
                maxPixels,
                maxDuration == null ? null : Duration.ofSeconds(maxDuration),
                quota,
                grantsPerMinute);
    }

    private static void requirePositive(String name, @Nullable Number value) {
        if (value != null && value.longValue() < 1) {
            throw new Failure(Failure.Kind.INVALID, "limits.%s must be at least 1, not %s.".formatted(name, value));
        }
    }

    private static <T> @Nullable Set<T> known(
            String name, @Nullable List<String> texts, Function<String, Optional<T>> parse, T[] all) {
        if (texts == null) {
            return null;
        }
        Set<T> found = new LinkedHashSet<>();
        for (@Nullable String text : texts) {
            found.add(Optional.ofNullable(text)
                    .flatMap(parse)
                    .orElseThrow(() -> new Failure(
                            Failure.Kind.INVALID,
                            "limits.%s must not name %s; allowed are %s.".formatted(name, shown(text), allowed(all)))));
        }
        if (found.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "limits.%s must name at least one, or not be given; allowed are %s.".formatted(name, allowed(all)));
        }
        return found;
    }

    private static String shown(@Nullable String text) {
        return text == null ? "null" : '"' + (text.length() > 64 ? text.substring(0, 64) + "…" : text) + '"';
    }

    private static <T> String allowed(T[] all) {
        return Arrays.stream(all).map(String::valueOf).collect(Collectors.joining(", "));
    }
}
