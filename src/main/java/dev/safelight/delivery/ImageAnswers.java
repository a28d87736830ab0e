package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.transform.ImageRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;

/// The header fields of answers with a picture that was made on demand, but for those that its bytes decide.
final class ImageAnswers {
    private static final Duration OF_PLACEHOLDER = Duration.ofMinutes(1);

    private final Duration maxAge;
    private final CacheTagFields tags;
    private final InstantSource clock;

    /// @param maxAge how long caches may keep an answer without asking again
    ImageAnswers(Duration maxAge, CacheTagFields tags, InstantSource clock) {
        this.maxAge = maxAge;
        this.tags = tags;
        this.clock = clock;
    }

    /// @param shared whether anybody may have the picture
    Map<String, String> fields(ImageRequest wanted, boolean shared) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Cache-Control", shared ? publicFor(maxAge, wanted.expires()) : Representation.PRIVATE);
        describe(wanted, fields);
        return fields;
    }

    /// The cache tags of a picture that anybody may have.
    ///
    /// @param shown all assets that show in it
    Map<String, String> tags(CatalogEntry entry, Set<AssetId> shown) {
        return tags.of(entry, shown);
    }

    /// Of the picture that stands in for a missing one, which may come at any time.
    Map<String, String> ofPlaceholder(ImageRequest wanted) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Cache-Control", publicFor(OF_PLACEHOLDER, wanted.expires()));
        fields.put("Safelight-Placeholder", "missing");
        // Another caller may see what this one may not.
        describe(wanted, fields);
        fields.merge("Vary", "Authorization", (others, one) -> others + ", " + one);
        return fields;
    }

    /// No cache may outlive the address.
    private String publicFor(Duration age, @Nullable Instant expires) {
        long left = expires == null
                ? age.toSeconds()
                : Math.max(0, Duration.between(clock.instant(), expires).toSeconds());
        return "public, max-age=" + Math.min(age.toSeconds(), left);
    }

    private static void describe(ImageRequest wanted, Map<String, String> fields) {
        List<String> hints = wanted.wanted().fields();
        List<String> vary = new ArrayList<>(wanted.negotiated() ? List.of("Accept") : List.of());
        vary.addAll(hints);
        if (!vary.isEmpty()) {
            fields.put("Vary", String.join(", ", vary));
        }
        if (!hints.isEmpty()) {
            fields.put("Accept-CH", String.join(", ", hints));
        }
        if (wanted.attachment() || wanted.fileName() != null) {
            fields.put("Content-Disposition", disposition(wanted));
        }
    }

    private static String disposition(ImageRequest wanted) {
        ContentDisposition.Builder builder =
                wanted.attachment() ? ContentDisposition.attachment() : ContentDisposition.inline();
        String name = wanted.fileName();
        return (name == null ? builder : builder.filename(name, StandardCharsets.UTF_8))
                .build()
                .toString();
    }
}
