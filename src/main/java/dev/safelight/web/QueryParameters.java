package dev.safelight.web;

import dev.safelight.asset.Failure;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/// Reads what query parameters have in common, and refuses those that an endpoint does not know, so that a
/// misspelt filter never passes for none.
public final class QueryParameters {
    private QueryParameters() {}

    /// Fails, naming the allowed parameters, if the request has another one or has one twice.
    public static void allowOnly(HttpServletRequest request, String... names) {
        List<String> allowed = List.of(names);
        request.getParameterMap().forEach((name, values) -> {
            if (!allowed.contains(name)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The parameter \"%s\" is not known here; %s"
                                .formatted(
                                        name,
                                        allowed.isEmpty()
                                                ? "there are none."
                                                : "allowed are " + String.join(", ", allowed) + "."));
            }
            if (values.length > 1) {
                throw new Failure(Failure.Kind.INVALID, "The parameter \"%s\" may be given once.".formatted(name));
            }
        });
    }
}
