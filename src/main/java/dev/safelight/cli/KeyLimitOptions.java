package dev.safelight.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/// The options that limit what a key may upload.
final class KeyLimitOptions {
    @Option(names = "--spaces", paramLabel = "SPACE", split = ",", description = "product, user or marketing only.")
    @Nullable
    List<String> spaces;

    @Option(
            names = "--types",
            paramLabel = "TYPE",
            split = ",",
            description = "These only, as in image/jpeg,image/png.")
    @Nullable
    List<String> types;

    @Option(
            names = "--max-bytes",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description = "The largest upload, as in 500KB or 10MB; 1KB are 1024 bytes.")
    @Nullable
    Long maxBytes;

    @Option(names = "--max-pixels", paramLabel = "N", description = "Of one picture, all frames together.")
    @Nullable
    Long maxPixels;

    @Option(
            names = "--max-duration",
            paramLabel = "TIME",
            converter = Seconds.class,
            description = "Of what plays, as in 90s or 5m.")
    @Nullable
    Long maxDuration;

    @Option(
            names = "--quota",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description = "What all its originals may have together, as in 5GB.")
    @Nullable
    Long quota;

    @Option(
            names = "--grants-per-minute",
            paramLabel = "N",
            description = "How many uploads it is granted in a minute.")
    @Nullable
    Integer grantsPerMinute;

    /// As the API takes them; empty when there are none.
    Map<String, Object> fields() {
        return new Given()
                .with("spaces", spaces)
                .with("types", types)
                .with("maxBytes", maxBytes)
                .with("maxPixels", maxPixels)
                .with("maxDuration", maxDuration)
                .with("quota", quota)
                .with("grantsPerMinute", grantsPerMinute)
                .body();
    }

    /// Limits as the API gives them, in one line.
    static String text(JsonNode limits) {
        return limits.propertyStream()
                .filter(limit -> !limit.getValue().isNull())
                .map(limit -> limit.getKey() + "=" + text(limit.getKey(), limit.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String text(String name, JsonNode value) {
        return switch (name) {
            case "spaces", "types" ->
                value.valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
            case "maxDuration" -> value.asString() + "s";
            default -> value.asString();
        };
    }

    /// Reads an amount of bytes.
    static final class Bytes implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                long bytes = DataSize.parse(text).toBytes();
                if (bytes > 0) {
                    return bytes;
                }
            } catch (IllegalArgumentException | ArithmeticException malformed) {
                // reported below, like an amount of nothing
            }
            throw new TypeConversionException("'" + text + "' is no amount of bytes such as 500KB, 10MB or 5GB");
        }
    }

    /// Reads a time in seconds.
    static final class Seconds implements ITypeConverter<Long> {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");

        @Override
        public Long convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (matcher.matches()) {
                long number = Long.parseLong(matcher.group(1));
                return switch (matcher.group(2)) {
                    case "d" -> Duration.ofDays(number).toSeconds();
                    case "h" -> Duration.ofHours(number).toSeconds();
                    case "m" -> Duration.ofMinutes(number).toSeconds();
                    default -> number;
                };
            }
            throw new TypeConversionException("'" + text + "' is no time such as 90s, 5m, 1h or 7d");
        }
    }
}
