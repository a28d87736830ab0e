package dev.safelight.web;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import java.util.Set;

/// Describes of the paths for browsers what cannot be read off their methods: the token of an upload
/// session, which is all that they ask for, and streams of events.
final class SessionPaths {
    private static final String TOKEN = "{token}";

    private SessionPaths() {}

    static void complete(Paths paths) {
        paths.forEach((path, item) -> {
            if (path.contains(TOKEN)) {
                item.readOperations().forEach(SessionPaths::complete);
            }
            if (path.endsWith("/events")) {
                item.getGet()
                        .getResponses()
                        .addApiResponse(
                                "200", new ApiResponse().description("OK").content(events()));
            }
        });
    }

    private static Content events() {
        return new Content()
                .addMediaType(
                        "text/event-stream", new MediaType().schema(new Schema<String>().types(Set.of("string"))));
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
