package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.render.Reuse;
import dev.safelight.transform.ImageRequest;
import dev.safelight.web.CacheRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
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
    private final Duration stale;
    private final CacheTagFields tags;
    private final InstantSource clock;
    private final String callers;

    /// @param maxAge how long caches may keep an answer without asking again
    /// @param stale how long after that they may use it while they ask, or while this server is away
    /// @param signedAccess whether a cookie can tell who asks
    ImageAnswers(Duration maxAge, Duration stale, boolean signedAccess, CacheTagFields tags, InstantSource clock) {
        this.maxAge = maxAge;
        this.stale = stale;
        this.tags = tags;
        this.clock = clock;
        this.callers = signedAccess ? "Authorization, Cookie" : "Authorization";
    }

    /// @param permit of whoever gets the picture
    /// @param reuse of what it is made of
    Map<String, String> fields(ImageRequest wanted, Permit permit, Reuse reuse) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(
                "Cache-Control",
                permit instanceof Permit.Everybody
                        ? shared(wanted, reuse)
                        : permit.privately(Duration.ofSeconds(secondsLeft(maxAge, wanted.expires())), clock.instant()));
        describe(wanted, fields);
        String vary = permit.vary();
        if (vary != null) {
            fields.merge("Vary", vary, (others, more) -> others + ", " + more);
        }
        return fields;
    }

    /// No cache may do what this process must not.
    private String shared(ImageRequest wanted, Reuse reuse) {
        if (!reuse.isKept()) {
            return CacheRule.KEY_HOLDER;
        }
        Duration age = Duration.ofSeconds(secondsLeft(maxAge, reuse.freshUntil()));
        if (reuse.stale().isZero()) {
            return CacheRule.neverStale(Duration.ofSeconds(secondsLeft(age, wanted.expires())));
        }
        Duration thenStale = Collections.min(List.of(stale, reuse.staleFrom(clock.instant())));
        return publicFor(age, wanted.expires() == null ? thenStale : Duration.ZERO, wanted.expires());
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
        fields.put("Cache-Control", publicFor(OF_PLACEHOLDER, Duration.ZERO, wanted.expires()));
        fields.put("Safelight-Placeholder", "missing");
        // Another caller may see what this one may not.
        describe(wanted, fields);
        fields.merge("Vary", callers, (others, one) -> others + ", " + one);
        return fields;
    }

    /// No cache may outlive the address.
    private String publicFor(Duration age, Duration thenStale, @Nullable Instant expires) {
        return CacheRule.onDemand(Duration.ofSeconds(secondsLeft(age, expires)), thenStale);
    }

    private long secondsLeft(Duration age, @Nullable Instant expires) {
        long left = expires == null
                ? age.toSeconds()
                : Math.max(0, Duration.between(clock.instant(), expires).toSeconds());
        return Math.min(age.toSeconds(), left);
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
