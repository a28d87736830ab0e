package dev.safelight.web;

import static java.util.Map.entry;

import dev.safelight.access.Caller;
import dev.safelight.access.HookPath;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

/// What the generated OpenAPI document says beside the endpoints.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final String SCHEME = "apiKey";
    private static final String STORE_SCHEME = "storeSecret";
    /// Where success is not 200: controllers choose their status while they run, so it cannot be read off them.
    private static final Map<String, List<HttpStatus>> SUCCESSES = Map.ofEntries(
            entry("POST /v1/uploads", List.of(HttpStatus.CREATED, HttpStatus.OK)),
            entry("POST /v1/uploads/{id}/complete", List.of(HttpStatus.ACCEPTED)),
            entry("DELETE /v1/uploads/{id}", List.of(HttpStatus.NO_CONTENT)),
            entry("POST /v1/upload-sessions", List.of(HttpStatus.CREATED)),
            entry("DELETE /v1/assets/{id}", List.of(HttpStatus.NO_CONTENT)),
            entry("POST /v1/assets/{id}/restore", List.of(HttpStatus.NO_CONTENT)),
            entry("DELETE /v1/accounts/{account}", List.of(HttpStatus.ACCEPTED)),
            entry("POST /v1/backfills", List.of(HttpStatus.CREATED, HttpStatus.OK)),
            entry("GET /v1/uploads/{id}/events", List.of(HttpStatus.OK, HttpStatus.NO_CONTENT)),
            entry("DELETE /v1/uppy/{token}/store/{id}", List.of(HttpStatus.NO_CONTENT)),
            entry("DELETE /v1/orphans/{bucket}/{key}", List.of(HttpStatus.NO_CONTENT)),
            entry("POST /v1/keys", List.of(HttpStatus.CREATED)),
            entry("DELETE /v1/keys/{id}", List.of(HttpStatus.NO_CONTENT)),
            entry("POST " + HookPath.STORE, List.of(HttpStatus.NO_CONTENT)),
            entry("POST /v1/jobs/dead/retry", List.of(HttpStatus.ACCEPTED)));

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    OpenAPI openApi() {
        @Nullable String version = getClass().getPackage().getImplementationVersion();
        return new OpenAPI()
                .info(new Info()
                        .title("Safelight")
                        .description("Direct uploads, responsive variants, fast delivery.")
                        .version(version == null ? "development" : version)
                        .license(new License().name("Apache-2.0")))
                .components(new Components()
                        .addSecuritySchemes(
                                SCHEME,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An API key, sl_…"))
                        .addSecuritySchemes(
                                STORE_SCHEME,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("What a store that pushes its events was given.")))
                .addSecurityItem(new SecurityRequirement().addList(SCHEME));
    }

    @Bean
    OpenApiCustomizer answers() {
        return document -> {
            ModelConverters.getInstance(true).readAll(Problem.class).forEach(document.getComponents()::addSchemas);
            PublicPaths.addTo(document.getPaths(), SCHEME);
            document.getPaths()
                    .forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                        state(SUCCESSES.getOrDefault(method + " " + path, List.of()), operation.getResponses());
                        operation.getResponses().addApiResponse("default", problem());
                    }));
            SessionPaths.complete(document.getPaths());
            document.getPaths().forEach((path, item) -> {
                if (path.equals(HookPath.STORE)) {
                    item.getPost().security(List.of(new SecurityRequirement().addList(STORE_SCHEME)));
                }
            });
        };
    }

    private static void state(List<HttpStatus> successes, ApiResponses responses) {
        if (successes.isEmpty()) {
            return;
        }
        ApiResponse generated = responses.remove("200");
        successes.forEach(status -> responses.addApiResponse(
                String.valueOf(status.value()),
                new ApiResponse()
                        .description(status.getReasonPhrase())
                        .content(
                                generated == null || status == HttpStatus.NO_CONTENT ? null : generated.getContent())));
    }

    private static ApiResponse problem() {
        return new ApiResponse()
                .description("Why there is no other answer (RFC 9457).")
                .content(new Content()
                        .addMediaType(
                                Problem.MEDIA_TYPE,
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
    }
}
