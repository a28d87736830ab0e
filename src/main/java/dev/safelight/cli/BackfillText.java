package dev.safelight.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Backfills as people read them in a terminal.
final class BackfillText {
    private BackfillText() {}

    static String line(JsonNode backfill) {
        return "%s  %-9s  %3d %%  %d of %d assets, %d done, %d failed  %s  by %s"
                .formatted(
                        backfill.path("id").asString(),
                        backfill.path("state").asString(),
                        (int) Math.floor(backfill.path("progress").asDouble() * 100),
                        backfill.path("examined").asLong(),
                        backfill.path("total").asLong(),
                        backfill.path("done").asLong(),
                        backfill.path("failed").asLong(),
                        backfill.path("createdAt").asString(),
                        Printable.text(backfill.path("startedBy").path("name").asString()));
    }

    static String details(JsonNode backfill) {
        StringBuilder text = new StringBuilder(line(backfill));
        text.append("%n%d needed it, %d wait or run; %d variants (about %s), %s are freed"
                .formatted(
                        backfill.path("needed").asLong(),
                        backfill.path("waiting").asInt(),
                        backfill.path("variantsToMake").asLong(),
                        AssetText.size(backfill.path("bytesToWrite").asLong()),
                        AssetText.size(backfill.path("bytesFreed").asLong())));
        if (!pace(backfill).isEmpty()) {
            text.append("%n%s".formatted(pace(backfill)));
        }
        backfill.path("failures")
                .forEach(failed -> text.append("%nNot done: %s v%d (%s); it is served as it was"
                        .formatted(
                                failed.path("asset").asString(),
                                failed.path("version").asInt(),
                                failed.path("reason").asString())));
        return text.toString();
    }

    /// The rate and how long it takes; empty unless it is running.
    static String pace(JsonNode backfill) {
        if (!backfill.path("state").asString().equals("RUNNING")) {
            return "";
        }
        String rate = String.format(
                Locale.ROOT, "%.1f/min", backfill.path("perMinuteOfLate").asDouble());
        JsonNode left = backfill.path("secondsLeft");
        return left.isNumber() ? rate + ", about " + duration(Duration.ofSeconds(left.asLong())) + " left" : rate;
    }

    /// The two largest units.
    static String duration(Duration time) {
        if (time.toMinutes() == 0) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() == 0) {
            return "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart());
        }
        return time.toDays() == 0
                ? "%d h %d min".formatted(time.toHours(), time.toMinutesPart())
                : "%d d %d h".formatted(time.toDays(), time.toHoursPart());
    }

    static String forecast(JsonNode forecast) {
        String counts =
                "Would make %d variants of %d of %d assets (about %s), keeping %d and removing %d; %s are freed."
                        .formatted(
                                forecast.path("made").asLong(),
                                forecast.path("needed").asLong(),
                                forecast.path("total").asLong(),
                                AssetText.size(forecast.path("bytesToWrite").asLong()),
                                forecast.path("kept").asLong(),
                                forecast.path("removed").asLong(),
                                AssetText.size(forecast.path("bytesFreed").asLong()));
        StringBuilder text = new StringBuilder(counts);
        long unlisted = forecast.path("unlisted").asLong();
        if (unlisted > 0) {
            text.append(
                    "%nKept although the profile no longer lists them: %d; with safelight.image.prune they are removed."
                            .formatted(unlisted));
        }
        long ended = forecast.path("addressesEnded").asLong();
        if (ended > 0) {
            text.append("%nOf what is removed, %d had an address; their addresses end.".formatted(ended));
        }
        BigDecimal cost = forecast.path("storagePerMonth").decimalValue(BigDecimal.ZERO);
        if (cost.signum() != 0) {
            text.append("%nStorage costs about %s %s a month %s."
                    .formatted(
                            cost.abs().toPlainString(),
                            forecast.path("currency").asString(),
                            cost.signum() > 0 ? "more" : "less"));
        }
        JsonNode work = forecast.path("workSeconds");
        if (work.isNumber()) {
            text.append("%nWorkers spend about %s on it.".formatted(duration(Duration.ofSeconds(work.asLong()))));
        }
        if (!forecast.path("exact").asBoolean()) {
            text.append("%nExpected from a sample of %d assets."
                    .formatted(forecast.path("examined").asLong()));
        }
        return text.toString();
    }
}
