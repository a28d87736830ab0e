package dev.safelight.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.util.unit.DataSize;

/// Says of a setting that could not be bound which it is, what it was given, and what it takes.
final class WrongSetting {
    private WrongSetting() {}

    static String sentence(BindException failed) {
        Class<?> type = failed.getTarget().getType().toClass();
        Object value = valueOf(failed);
        String reason = "";
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (isOwn(cause)) {
                return String.valueOf(cause.getMessage());
            }
            if (cause instanceof UnboundConfigurationPropertiesException unbound) {
                return unbound.getUnboundProperties().stream()
                                .map(one -> one.getName().toString())
                                .collect(Collectors.joining(", "))
                        + " is no setting.";
            }
            if (cause instanceof ConversionFailedException conversion) {
                type = conversion.getTargetType().getType();
                value = conversion.getValue();
            }
            reason = String.valueOf(cause.getMessage());
        }
        String allowed = allowed(type);
        return allowed == null
                ? "%s cannot be read%s: %s".formatted(failed.getName(), given(", given \"%s\"", value), reason)
                : "%s must be %s%s".formatted(failed.getName(), allowed, given(", not \"%s\"", value));
    }

    /// Whether a check of a setting's own class complains, whose message says it all.
    static boolean isOwn(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof IllegalArgumentException
                && Stream.of("safelight.", "server.jetty.", "spring.datasource.")
                        .anyMatch(message::startsWith);
    }

    private static @Nullable Object valueOf(BindException failed) {
        ConfigurationProperty property = failed.getProperty();
        return property == null ? null : property.getValue();
    }

    private static String given(String format, @Nullable Object value) {
        return value == null ? "" : format.formatted(value);
    }

    private static @Nullable String allowed(Class<?> type) {
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(one -> ((Enum<?>) one).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (Stream.of(int.class, Integer.class, long.class, Long.class).anyMatch(type::equals)) {
            return "a whole number";
        }
        if (type == Duration.class) {
            return "a duration such as 500ms, 10s or 15m";
        }
        if (type == DataSize.class) {
            return "a size such as 500KB, 10MB or 1GB";
        }
        return type == URI.class ? "an address such as https://media.example" : null;
    }
}
