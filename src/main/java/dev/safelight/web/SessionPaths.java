package dev.safelight.web;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.List;
import java.util.Set;

/// Describes what the paths of upload sessions have in common: their token, which is all that they ask for.
final class SessionPaths {
    private static final String TOKEN = "{token}";

    private SessionPaths() {}

    static void complete(Paths paths) {
        paths.forEach((path, item) -> {
            if (path.contains(TOKEN)) {
                item.readOperations().forEach(SessionPaths::complete);
            }
        });
    }

    private static void complete(Operation operation) {
        operation.security(List.of());
        operation.addTagsItem("uppy");
        operation.addParametersItem(new Parameter()
                .name("token")
                .in("path")
                .required(true)
                .description("Of the upload session, us_…")
                .schema(new Schema<String>().types(Set.of("string"))));
    }
}
