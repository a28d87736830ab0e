package dev.safelight.backfill;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is to be reprocessed, and how fast. What is not given does not matter; all given must be true of an asset.
///
/// @param dryRun true to change nothing and be told what would change
/// @param spaces absent for all that the caller may change
/// @param status of the version that is looked at. Only READY ones can be processed again, so there is nothing else
///     to choose
/// @param createdAfter assets created at this instant, such as `2026-01-31T00:00:00Z`, or later
/// @param createdBefore assets created before this instant; what comes after the start is never looked at
/// @param skuPrefix how the article begins that the upload named as `sku` in its metadata
/// @param assets ids, up to 1000; then nothing else chooses
/// @param perMinute the most jobs that are added in a minute; absent for as many as other work leaves room for
/// @param inFlight the most jobs that wait or run at a time; 64 when it is not given
record BackfillOrder(
        @NotNull(message = "is needed") Boolean dryRun,
        @Nullable List<@Nullable String> spaces,
        @Nullable String status,
        @Nullable String createdAfter,
        @Nullable String createdBefore,

        @Nullable
        @Size(min = 1, max = 200, message = "must have 1 to 200 characters")
        @Pattern(regexp = "[^\\x00\\p{Cs}]*", message = "must not hold characters that are null or half ones")
        String skuPrefix,

        @Nullable @Size(min = 1, max = MOST_ASSETS, message = "must name 1 to 1000 assets")
        List<@Nullable String> assets,

        @Nullable @Min(value = 1, message = "must be 1 to 60000") @Max(value = 60_000, message = "must be 1 to 60000")
        Integer perMinute,

        @Nullable @Min(value = 1, message = "must be 1 to 1000") @Max(value = 1000, message = "must be 1 to 1000")
        Integer inFlight) {
    static final int MOST_ASSETS = 1000;
    private static final int USUALLY_IN_FLIGHT = 64;

    Backfill.Throttle throttle() {
        return new Backfill.Throttle(perMinute, inFlight == null ? USUALLY_IN_FLIGHT : inFlight);
    }

    /// Null when the caller names none.
    @Nullable
    Set<Space> chosenSpaces() {
        if (spaces == null) {
            return null;
        }
        Set<Space> chosen = EnumSet.noneOf(Space.class);
        spaces.forEach(text -> chosen.add(space(text)));
        if (chosen.isEmpty()) {
            throw invalid("spaces must name at least one of " + allSpaces() + ", or be left out.");
        }
        return chosen;
    }

    private static Space space(@Nullable String text) {
        return Space.parse(text == null ? "" : text)
                .orElseThrow(() -> invalid("spaces must be some of " + allSpaces() + "."));
    }

    private static String allSpaces() {
        return Stream.of(Space.values()).map(Space::text).collect(Collectors.joining(", "));
    }

    /// The ids of single assets, each once; null when the order names none.
    ///
    /// @throws Failure invalid, when something else chooses, too, or one is no id
    @Nullable
    List<AssetId> chosenAssets() {
        if (assets == null) {
            return null;
        }
        if (spaces != null || createdAfter != null || createdBefore != null || skuPrefix != null) {
            throw invalid("assets goes without spaces, createdAfter, createdBefore and skuPrefix.");
        }
        Set<AssetId> chosen = new LinkedHashSet<>();
        for (String text : assets) {
            chosen.add(AssetId.parse(text == null ? "" : text)
                    .orElseThrow(() -> invalid(
                            "assets must be UUIDs in lower case, as in 0199d3a4-5b6c-7d8e-9f00-112233445566.")));
        }
        return new ArrayList<>(chosen);
    }

    void requireReady() {
        if (status != null && !status.toUpperCase(Locale.ROOT).equals(Status.READY.name())) {
            throw invalid("status must be READY: only assets that are READY can be processed again.");
        }
    }

    @Nullable
    Instant after() {
        return createdAfter == null ? null : instant("createdAfter", createdAfter);
    }

    /// The earlier of the given instant and the start.
    Instant before(Instant start) {
        Instant given = createdBefore == null ? start : instant("createdBefore", createdBefore);
        return given.isBefore(start) ? given : start;
    }

    private static Instant instant(String field, String text) {
        // Four digits of a year: an instant knows moments that no database can keep.
        if (text.matches("[0-9]{4}-.*")) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException malformed) {
                throw new Failure(Failure.Kind.INVALID, notAnInstant(field), malformed);
            }
        }
        throw invalid(notAnInstant(field));
    }

    private static String notAnInstant(String field) {
        return field + " must be an instant such as 2026-01-31T00:00:00Z, of the years 0000 to 9999.";
    }

    private static Failure invalid(String message) {
        return new Failure(Failure.Kind.INVALID, message);
    }
}
