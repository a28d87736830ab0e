package dev.safelight.cli;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What was given on a command line, by the names that the API has for it; what was not given is left out.
final class Given {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /// @param value null or empty when it was not given
    Given with(String name, @Nullable Object value) {
        if (value != null && !isEmpty(value)) {
            fields.put(name, value);
        }
        return this;
    }

    private static boolean isEmpty(Object value) {
        return (value instanceof Collection<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    /// As the body of a request.
    Map<String, Object> body() {
        return Collections.unmodifiableMap(fields);
    }

    /// As the end of an address.
    String query() {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + ApiClient.encode(String.valueOf(field.getValue())))
                .collect(Collectors.joining("&", fields.isEmpty() ? "" : "?", ""));
    }
}
