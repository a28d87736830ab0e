package dev.safelight.delivery;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.web.QueryParameters;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Hands out responsive markup for an asset.
@RestController
class SrcsetController {
    private static final int LONGEST_ALT = 500;
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final VisibleAssets visible;
    private final VariantUrls urls;

    SrcsetController(VisibleAssets visible, VariantUrls urls) {
        this.visible = visible;
        this.urls = urls;
    }

    @GetMapping("/v1/assets/{id}/srcset")
    @Allow({Role.VIEWER, Role.EDITOR, Role.UPLOADER, Role.MARKETING, Role.MODERATOR})
    @ApiResponse(
            responseCode = "200",
            description = "By the parameter \"format\" or the field Accept",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = Snippet.class)),
                @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string"))
            })
    ResponseEntity<Object> srcset(
            @PathVariable String id,
            @RequestParam(defaultValue = Sizes.DEFAULT) String sizes,
            @RequestParam(required = false) @Nullable String alt,
            @RequestParam(required = false) @Nullable String format,
            @Parameter(hidden = true) @RequestHeader(name = "Accept", defaultValue = "*/*") String accept,
            Caller caller,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "sizes", "alt", "format");
        boolean html = wantsHtml(format, accept);
        Snippet snippet = snippet(visible.find(id, caller), alt, sizes);
        var answer = ResponseEntity.ok()
                .cacheControl(CacheControl.noStore().cachePrivate())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        return html
                ? answer.contentType(HTML)
                        // The text comes from uploaders: should a browser show it, it shall do nothing.
                        .header("Content-Security-Policy", "default-src 'none'; img-src *; sandbox")
                        .body(snippet.html())
                : answer.contentType(MediaType.APPLICATION_JSON).body(snippet);
    }

    private Snippet snippet(CatalogEntry entry, @Nullable String alt, String sizes) {
        if (!Sizes.isValid(sizes)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The parameter \"sizes\" must be a value of the HTML attribute, as in (max-width: 600px) 100vw, 50vw.");
        }
        String text = alt == null ? entry.metadata().getOrDefault("alt", "") : alt;
        if (text.length() > LONGEST_ALT) {
            throw new Failure(
                    Failure.Kind.INVALID, "The parameter \"alt\" has at most " + LONGEST_ALT + " characters.");
        }
        return Snippet.of(entry, urls, text, sizes)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.CONFLICT,
                        "Only images that are READY and approved have a snippet; this asset is %s."
                                .formatted(state(entry))));
    }

    private static String state(CatalogEntry entry) {
        return entry.isDeleted()
                ? "deleted"
                : entry.version().status() + " and " + entry.moderation().text();
    }

    private static boolean wantsHtml(@Nullable String format, String accept) {
        return switch (format) {
            case null -> quality(accept, MediaType.TEXT_HTML) > quality(accept, MediaType.APPLICATION_JSON);
            case "html" -> true;
            case "json" -> false;
            default -> throw new Failure(Failure.Kind.INVALID, "The parameter \"format\" must be json or html.");
        };
    }

    /// How much the client likes a type, by the most specific range that includes it.
    private static double quality(String accept, MediaType type) {
        try {
            List<MediaType> ranges = MediaType.parseMediaTypes(accept);
            return ranges.stream()
                    .filter(range -> range.includes(type))
                    .reduce((one, other) -> other.isMoreSpecific(one) ? other : one)
                    .map(MediaType::getQualityValue)
                    .orElse(0.0);
        } catch (InvalidMediaTypeException malformed) {
            return 0;
        }
    }
}
