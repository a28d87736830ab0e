package dev.safelight.delivery;

import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.CloudFrontParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a query says about access, taken out of it.
///
/// @param rest what else it says, in its order; null when there is nothing
/// @param given values by name
/// @param isRepeated whether one of them was given twice
record AccessParameters(@Nullable String rest, Map<String, String> given, boolean isRepeated) {
    /// Option names of transformations are in lower case and none is called `access`, so that they cannot be
    /// mixed up.
    static final Set<String> NAMES = Stream.concat(
                    Stream.of(AccessTokens.PARAMETER), CloudFrontParameters.NAMES.stream())
            .collect(Collectors.toUnmodifiableSet());

    static AccessParameters of(@Nullable String query) {
        if (query == null || NAMES.stream().noneMatch(query::contains)) {
            return new AccessParameters(query, Map.of(), false);
        }
        List<String> rest = new ArrayList<>();
        Map<String, String> given = new HashMap<>();
        boolean repeated = false;
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (NAMES.contains(name)) {
                repeated |= given.put(name, unescaped(equals < 0 ? "" : part.substring(equals + 1))) != null;
            } else {
                rest.add(part);
            }
        }
        return new AccessParameters(rest.isEmpty() ? null : String.join("&", rest), Map.copyOf(given), repeated);
    }

    /// No value needs an escape, but `~` was once reserved, and some clients still write it so.
    private static String unescaped(String value) {
        return value.replace("%7E", "~").replace("%7e", "~");
    }
}
