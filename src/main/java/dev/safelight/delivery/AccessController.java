package dev.safelight.delivery;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.delivery.AccessTerms.Format;
import dev.safelight.delivery.VariantUrls.Issued;
import dev.safelight.signing.PathPattern;
import dev.safelight.signing.SigningSettings;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Hands out signatures for what callers may see themselves, for those who have no API key.
@RestController
class AccessController {
    private final VisibleAssets visible;
    private final VariantUrls urls;
    private final UrlSigner signer;
    private final SigningSettings settings;
    private final InstantSource clock;

    AccessController(
            VisibleAssets visible, VariantUrls urls, UrlSigner signer, SigningSettings settings, InstantSource clock) {
        this.visible = visible;
        this.urls = urls;
        this.signer = signer;
        this.settings = settings;
        this.clock = clock;
    }

    /// Access for a while. Whoever has it can give it to others, and it cannot be called back but by
    /// exchanging keys; the assets it is for can be rejected or deleted at any time, and are not delivered
    /// from then on.
    ///
    /// @param format `safelight` or `cloudfront`
    /// @param expiresAt the first moment at which it no longer holds
    /// @param assets in the order of the request
    /// @param cookies the values of `Set-Cookie` fields, which the answer has, too; empty for URLs
    record Access(String format, Instant expiresAt, List<AssetAccess> assets, List<String> cookies) {
        @Override
        public String toString() {
            return "Access[" + format + ", " + expiresAt + ", " + assets.size() + " assets]";
        }
    }

    /// Access to one asset.
    ///
    /// @param paths what the signature covers
    /// @param query to be put behind other URLs of this kind; absent with cookies
    /// @param variants the stored variants that are covered
    /// @param image the URL of pictures on request, to which options can be added; absent when it is not
    ///     covered
    record AssetAccess(
            String asset,
            int version,
            List<String> paths,
            @Nullable String query,
            List<VariantAccess> variants,
            @Nullable String image) {
        @Override
        public String toString() {
            return "AssetAccess[" + asset + "]";
        }
    }

    /// A stored variant.
    record VariantAccess(String name, String mediaType, int width, int height, String url) {
        @Override
        public String toString() {
            return "VariantAccess[" + name + "]";
        }
    }

    /// Grants access to READY and approved assets for a while, as signed URLs or cookies.
    @PostMapping("/v1/access")
    @Allow({Role.VIEWER, Role.EDITOR, Role.UPLOADER, Role.MARKETING, Role.MODERATOR})
    ResponseEntity<Access> grant(
            @RequestBody @Valid AccessRequest request, Caller caller, HttpServletRequest servletRequest) {
        QueryParameters.allowOnly(servletRequest);
        Instant now = clock.instant();
        AccessTerms terms = request.terms(signer.usual(), settings.lifetime(), settings.maxLifetime(), now);
        Optional<PathPattern> pattern = request.pattern();
        List<CatalogEntry> entries = request.assets().stream()
                .distinct()
                .map(id -> visible.find(id, caller))
                .toList();
        Access access = request.wantsCookies()
                ? cookies(entries, pattern, terms, request, now)
                : urls(entries, pattern, terms, request);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore().cachePrivate())
                .headers(headers -> headers.addAll(HttpHeaders.SET_COOKIE, access.cookies()))
                .body(access);
    }

    private Access urls(
            List<CatalogEntry> entries, Optional<PathPattern> pattern, AccessTerms terms, AccessRequest request) {
        if (request.hasCookieFields()) {
            throw new Failure(
                    Failure.Kind.INVALID, "sameSite and domain are of cookies; ask for them with as=cookies.");
        }
        List<AssetAccess> assets = entries.stream()
                .map(entry -> {
                    Issued issued = urls.issue(entry, pattern.stream().toList(), terms);
                    return view(entry, issued.paths(), issued, true);
                })
                .toList();
        return new Access(name(terms.format()), terms.expires(), assets, List.of());
    }

    private Access cookies(
            List<CatalogEntry> entries,
            Optional<PathPattern> pattern,
            AccessTerms terms,
            AccessRequest request,
            Instant now) {
        requireTogether(entries, terms.format());
        Issued issued = pattern.isPresent()
                ? urls.issue(entries.getFirst(), pattern.stream().toList(), terms)
                : urls.issueTogether(entries, terms);
        AccessCookies cookies =
                new AccessCookies(Duration.between(now, terms.expires()), request.sameSite(), request.domain());
        List<AssetAccess> assets = entries.stream()
                .map(entry -> view(entry, ofAsset(entry, issued), issued, false))
                .toList();
        return new Access(name(terms.format()), terms.expires(), assets, cookies.of(issued));
    }

    private static List<PathPattern> ofAsset(CatalogEntry entry, Issued issued) {
        String id = entry.version().id().toString();
        return issued.paths().stream().filter(path -> path.text().contains(id)).toList();
    }

    private static void requireTogether(List<CatalogEntry> entries, Format format) {
        int most = format == Format.SAFELIGHT ? AccessRequest.MOST_TOGETHER : 1;
        if (entries.size() > most) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Cookies of the format \"%s\" hold access to at most %d of the assets at once."
                            .formatted(name(format), most));
        }
        List<Space> spaces = entries.stream()
                .map(entry -> entry.version().space())
                .distinct()
                .toList();
        if (spaces.size() > 1) {
            throw new Failure(Failure.Kind.INVALID, "Cookies hold access to assets of one space at once.");
        }
    }

    /// @param paths those of the signature that are of this asset
    private static AssetAccess view(CatalogEntry entry, List<PathPattern> paths, Issued issued, boolean inUrls) {
        String base = issued.signed().base();
        List<VariantAccess> variants = entry.version().variants().stream()
                .flatMap(variant -> covered(variant, paths)
                        .map(path -> new VariantAccess(
                                variant.name(),
                                variant.format().text(),
                                variant.width(),
                                variant.height(),
                                inUrls ? issued.signed().url(path) : base + path)))
                .toList();
        String image = image(entry, paths);
        if (variants.isEmpty() && image == null && paths.stream().allMatch(PathPattern::isExact)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The current version of the asset has nothing at this path; GET /v1/assets/%s lists its variants."
                            .formatted(entry.version().id()));
        }
        String onRequest = image == null ? null : inUrls ? issued.signed().url(image) : base + image;
        return new AssetAccess(
                entry.version().id().toString(),
                entry.version().version(),
                paths.stream().map(PathPattern::text).toList(),
                inUrls ? issued.signed().query() : null,
                variants,
                onRequest);
    }

    private static Stream<String> covered(Variant variant, List<PathPattern> paths) {
        String path = MediaPath.ofKey(variant.key().key());
        return paths.stream().anyMatch(one -> one.covers(path)) ? Stream.of(path) : Stream.empty();
    }

    /// The path of pictures on request that is covered.
    private static @Nullable String image(CatalogEntry entry, List<PathPattern> paths) {
        String plain = "/images/" + entry.version().id();
        return paths.stream()
                .filter(path -> path.text().startsWith("/images/") && (path.isExact() || path.covers(plain)))
                .map(path -> path.isExact() ? path.text() : plain)
                .findFirst()
                .orElse(null);
    }

    private static String name(Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }
}
