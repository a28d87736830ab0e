package dev.safelight.cli;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Assets as people read them in a terminal.
public final class AssetText {
    private AssetText() {}

    static String line(JsonNode asset) {
        String reason = asset.path("reason").asString("");
        return "%s  %-10s  %9s  %s%s"
                .formatted(
                        asset.path("id").asString(),
                        asset.path("status").asString(),
                        size(asset.path("originalBytes").asLong()),
                        asset.path("fileName").asString(),
                        reason.isEmpty() ? "" : " (" + reason + ")");
    }

    static String versionLine(JsonNode version) {
        String reason = version.path("reason").asString("");
        return "%s v%-4d %-10s  %-8s  %9s  %s  %s%s"
                .formatted(
                        version.path("current").asBoolean() ? "*" : " ",
                        version.path("version").asInt(),
                        version.path("status").asString(),
                        version.path("moderation").asString(),
                        size(version.path("bytes").asLong()),
                        version.path("createdAt").asString(),
                        Printable.text(version.path("fileName").asString()),
                        reason.isEmpty() ? "" : " (" + reason + ")");
    }

    static String details(JsonNode asset) {
        StringBuilder text = new StringBuilder(line(asset)).append('\n');
        String detail = asset.path("detail").asString("");
        if (!detail.isEmpty()) {
            text.append(detail).append('\n');
        }
        long original = asset.path("originalBytes").asLong();
        asset.path("variants")
                .forEach(variant -> text.append(variantLine(variant, original)).append('\n'));
        return text.toString().stripTrailing();
    }

    static String variantLine(JsonNode variant, long originalBytes) {
        long bytes = variant.path("bytes").asLong();
        String dimensions =
                variant.path("width").asInt() + "×" + variant.path("height").asInt();
        long saved = originalBytes <= 0 ? 0 : Math.round(100.0 * (originalBytes - bytes) / originalBytes);
        return "  %-8s %-5s %11s %9s  %4d %% saved  %s"
                .formatted(
                        variant.path("name").asString(),
                        variant.path("format").asString(),
                        dimensions,
                        size(bytes),
                        saved,
                        variant.path("url").asString(""));
    }

    public static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        if (bytes < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.2f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
