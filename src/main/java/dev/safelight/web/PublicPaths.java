package dev.safelight.web;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Describes the addresses of pictures, which are answered before any controller is asked.
final class PublicPaths {
    private static final String MORE = " More options, and imgproxy's paths: docs/transformations.md.";

    private PublicPaths() {}

    static void addTo(Paths paths, String scheme) {
        Operation media = signed(picture("A stored variant.", scheme, "type", "assetId", "version", "file"));
        paths.addPathItem("/media/{type}/{assetId}/v{version}/{file}", new PathItem().get(media));
        Operation asset = picture("A picture on request, by asset." + MORE, scheme, "assetId");
        paths.addPathItem("/images/{assetId}", new PathItem().get(withOptions(asset)));
        Operation article = picture("A picture on request, by article." + MORE, scheme, "sku", "role");
        paths.addPathItem("/skus/{sku}/{role}", new PathItem().get(withOptions(article)));
    }

    private static Operation picture(String summary, String scheme, String... segments) {
        Operation operation = new Operation()
                .summary(summary)
                .addTagsItem("pictures")
                // Without a key, or with one for what only its owner may see.
                .addSecurityItem(new SecurityRequirement())
                .addSecurityItem(new SecurityRequirement().addList(scheme))
                .responses(new ApiResponses()
                        .addApiResponse(
                                "200",
                                new ApiResponse()
                                        .description("The picture.")
                                        .content(new Content().addMediaType("image/*", new MediaType()))));
        for (String segment : segments) {
            operation.addParametersItem(parameter(segment).in("path").required(true));
        }
        return operation;
    }

    private static Operation signed(Operation operation) {
        return operation.addParametersItem(parameter("access")
                .in("query")
                .description("A signature from POST /v1/access, where the space is not public."));
    }

    private static Operation withOptions(Operation operation) {
        options()
                .forEach((name, meaning) ->
                        operation.addParametersItem(parameter(name).in("query").description(meaning)));
        return signed(operation);
    }

    private static Parameter parameter(String name) {
        return new Parameter().name(name).schema(new Schema<String>().types(Set.of("string")));
    }

    private static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("width", "In pixels, or auto.");
        options.put("height", "In pixels.");
        options.put("fit", "Into the box: inside, outside, cover, cover-down, fill, contain or auto.");
        options.put("format", "Such as jpeg, png, webp or avif; auto, the default, goes by Accept.");
        options.put("gravity", "What is kept when something is cut: center, north, smart, focal and others.");
        options.put("quality", "1 to 100, or auto.");
        options.put("dpr", "Device pixels for each pixel asked for: 0.1 to 8, or auto.");
        options.put("preset", "Names of options in the configuration, several after commas.");
        options.put("s", "The signature of the URL.");
        options.put("expires", "When the URL stops working, in seconds since 1970.");
        return options;
    }
}
