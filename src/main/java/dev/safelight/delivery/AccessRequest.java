package dev.safelight.delivery;

import dev.safelight.asset.AddressRange;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.delivery.AccessTerms.Format;
import dev.safelight.signing.AccessPolicy;
import dev.safelight.signing.PathPattern;
import dev.safelight.signing.ReferrerHost;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What `POST /v1/access` is asked for.
///
/// @param assets the ids of 1 to 100 assets; with `as` `cookies`, of up to 10
/// @param path what is covered of the one asset: a path, one with a slash at its end for all below it, or one
///     with the wildcards `*` and `?`, below `/media/image/{id}/` or beginning with `/images/{id}`; all of it
///     when absent
/// @param ttl seconds that the signature holds from now on; `safelight.signing.lifetime` when absent, and at
///     most `safelight.signing.max-lifetime`
/// @param notBefore when it begins to hold; at once when absent
/// @param format `safelight` or `cloudfront`
/// @param as `url` or `cookies`
/// @param ip the address of the clients that it is for, or a range such as `192.0.2.0/24`
/// @param referrers hosts of pages that it is for, such as `shop.example.com` or `*.example.com`; not with
///     `cloudfront`
/// @param sameSite of cookies: `lax`, `strict` or `none`
/// @param domain of cookies; the host that sets them when absent
record AccessRequest(
        @NotNull(message = "is needed") @Size(min = 1, max = 100, message = "must name 1 to 100 assets")
        List<@NotNull(message = "must be text") String> assets,

        @Nullable @Size(max = 512, message = "must have at most 512 characters")
        String path,

        @Nullable @Min(value = 1, message = "must be at least 1")
        Long ttl,

        @Nullable Instant notBefore,

        @Nullable @Pattern(regexp = "safelight|cloudfront", message = "must be safelight or cloudfront")
        String format,

        @Nullable @Pattern(regexp = "url|cookies", message = "must be url or cookies")
        String as,

        @Nullable @Size(max = 64, message = "must have at most 64 characters")
        String ip,

        @Nullable @Size(max = AccessPolicy.MOST_REFERRERS, message = "must name at most 10 hosts")
        List<@NotNull(message = "must be text") String> referrers,

        @Nullable @Pattern(regexp = "lax|strict|none", message = "must be lax, strict or none")
        String sameSite,

        @Nullable
        @Pattern(
                regexp = "[a-z0-9]([a-z0-9-]{0,62})(\\.[a-z0-9]([a-z0-9-]{0,62})){1,20}",
                message = "must be a domain in lower case such as example.com")
        String domain) {
    /// Of cookies: more paths than two for each find no place in one.
    static final int MOST_TOGETHER = AccessPolicy.MOST_PATHS / 2;

    boolean wantsCookies() {
        return "cookies".equals(as);
    }

    /// Whether anything is set that only cookies have.
    boolean hasCookieFields() {
        return sameSite != null || domain != null;
    }

    /// @param usual the format when none is named
    /// @throws Failure INVALID naming the field
    AccessTerms terms(Format usual, Duration lifetime, Duration longest, Instant now) {
        long seconds = ttl == null ? lifetime.toSeconds() : ttl;
        if (seconds > longest.toSeconds()) {
            throw invalid("ttl must be 1 to %d seconds; safelight.signing.max-lifetime says so."
                    .formatted(longest.toSeconds()));
        }
        Instant expires = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds);
        if (notBefore != null && !notBefore.isBefore(expires)) {
            throw invalid("notBefore must be before the end, which ttl puts at %s.".formatted(expires));
        }
        Format wanted = format == null ? usual : Format.valueOf(format.toUpperCase(Locale.ROOT));
        List<ReferrerHost> hosts = referrers == null
                ? List.of()
                : referrers.stream().map(AccessRequest::referrer).toList();
        AddressRange range = ip == null
                ? null
                : AddressRange.parse(ip)
                        .orElseThrow(() -> invalid(
                                "ip must be an address or a range such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32."));
        if (wanted == Format.CLOUDFRONT && !hosts.isEmpty()) {
            throw invalid("CloudFront's policies know no referrers; leave them out, or use the format safelight.");
        }
        if (wanted == Format.CLOUDFRONT && range != null && range.isV6()) {
            throw invalid("CloudFront's policies know IPv4 addresses only; leave ip out, or use the format safelight.");
        }
        return new AccessTerms(wanted, expires, notBefore, range, hosts);
    }

    /// The path that is asked for within an asset.
    ///
    /// @throws Failure INVALID when it is none, or is not within the asset
    Optional<PathPattern> pattern() {
        if (path == null) {
            return Optional.empty();
        }
        if (assets.size() != 1) {
            throw invalid("path is within one asset; name one, or leave path out.");
        }
        String id = AssetId.parse(assets.getFirst()).map(AssetId::toString).orElse("");
        PathPattern pattern;
        try {
            pattern = new PathPattern(path);
        } catch (IllegalArgumentException malformed) {
            throw invalid("path is none: %s.".formatted(malformed.getMessage()));
        }
        String stored = MediaPath.ROOT + "image/" + id + "/";
        String onRequest = "/images/" + id;
        boolean isStored = path.startsWith(stored);
        // Behind the id only what cannot lead to another one: an extension, or a wildcard.
        boolean isOnRequest = path.startsWith(onRequest)
                && (path.length() == onRequest.length() || ".*?".indexOf(path.charAt(onRequest.length())) >= 0);
        if (!isStored && !isOnRequest) {
            throw invalid("path must be below %s or begin with %s.".formatted(stored, onRequest));
        }
        return Optional.of(pattern);
    }

    private static ReferrerHost referrer(String text) {
        try {
            return new ReferrerHost(text);
        } catch (IllegalArgumentException malformed) {
            throw invalid("One of the referrers is none: %s.".formatted(malformed.getMessage()));
        }
    }

    private static Failure invalid(String sentence) {
        return new Failure(Failure.Kind.INVALID, sentence);
    }
}
