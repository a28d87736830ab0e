package dev.safelight.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.delivery.AccessBySpace.Mode;
import dev.safelight.delivery.UrlSigner.Signed;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.BaseUrl;
import dev.safelight.signing.PathPattern;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Issues the public URLs of pictures and the signatures on them: the one place that does, and it refuses
/// whatever may not be delivered.
///
/// What is issued for a signed space is signed, so that no answer of the API holds an address that does not
/// work. Those signatures cover one version of an asset and expire at full quarters of their lifetime, so
/// that an address stays the same for a while and browsers find in their caches what they have.
public final class VariantUrls {
    private static final int REMEMBERED = 10_000;

    private final UrlSigner signer;
    private final Duration lifetime;
    private final InstantSource clock;
    /// Signatures by what they are for: RSA takes a thousand times as long as looking here.
    private final Cache<Asked, Signed> signatures =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    private record Asked(String folder, Instant expires) {}

    /// @param lifetime of the signatures on what is issued for signed spaces; up to a quarter is added
    VariantUrls(UrlSigner signer, Duration lifetime, InstantSource clock) {
        this.signer = signer;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /// Without keys, where no space is signed.
    ///
    /// @param publicUrl as of [#base]
    static VariantUrls below(String publicUrl) {
        AccessTokens none = new AccessTokens(List.of(), Duration.ofDays(1));
        return new VariantUrls(
                new UrlSigner(base(publicUrl), AccessBySpace.STANDARD, none, null),
                Duration.ofHours(1),
                InstantSource.system());
    }

    /// What URLs begin with.
    ///
    /// @param publicUrl an absolute http or https URL that reaches this server or a CDN in front of it; when
    ///     blank, URLs are relative to the host
    static String base(String publicUrl) {
        return publicUrl.isBlank() ? "" : BaseUrl.of("safelight.public-url", publicUrl);
    }

    /// The URL of a variant, or empty while its version is not READY and approved.
    public Optional<String> issue(CatalogEntry entry, Variant variant) {
        if (!entry.isDeliverable() || !entry.version().variants().contains(variant)) {
            return Optional.empty();
        }
        String path = MediaPath.ofKey(variant.key().key());
        if (signer.spaces().of(entry.version().space()) != Mode.SIGNED) {
            return Optional.of(signer.base() + path);
        }
        Asked asked = new Asked(path.substring(0, path.lastIndexOf('/') + 1), expiry());
        return Optional.of(signatures
                .get(
                        asked,
                        one -> signer.sign(
                                entry.version().space(),
                                List.of(new PathPattern(one.folder())),
                                new AccessTerms(signer.usual(), one.expires(), null, null, List.of())))
                .url(path));
    }

    private Instant expiry() {
        long step = Math.max(1, lifetime.dividedBy(4).toSeconds());
        long end = clock.instant().plus(lifetime).getEpochSecond();
        return Instant.ofEpochSecond(Math.ceilDiv(end, step) * step);
    }

    /// Signs addresses of one asset.
    ///
    /// @param paths within the asset; all that there is of it when empty
    /// @throws Failure CONFLICT when the asset may not be delivered, or nothing can be signed so
    Issued issue(CatalogEntry entry, List<PathPattern> paths, AccessTerms terms) {
        requireDeliverable(entry);
        List<PathPattern> covered = paths.isEmpty() ? all(entry, terms) : paths;
        Signed signed = signer.sign(entry.version().space(), covered, terms);
        return new Issued(covered, signed);
    }

    /// Signs addresses of several assets of one space with one signature.
    ///
    /// @throws Failure as of [#issue(CatalogEntry, List, AccessTerms)]
    Issued issueTogether(List<CatalogEntry> entries, AccessTerms terms) {
        entries.forEach(VariantUrls::requireDeliverable);
        List<PathPattern> covered =
                entries.stream().flatMap(entry -> all(entry, terms).stream()).toList();
        return new Issued(covered, signer.sign(entries.getFirst().version().space(), covered, terms));
    }

    /// A signature and what it covers.
    record Issued(List<PathPattern> paths, Signed signed) {}

    private static void requireDeliverable(CatalogEntry entry) {
        if (!entry.isDeliverable()) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "Only what is READY and approved can be signed; the asset %s is %s and %s."
                            .formatted(
                                    entry.version().id(),
                                    entry.isDeleted()
                                            ? "deleted"
                                            : entry.version().status().name(),
                                    entry.moderation().text()));
        }
    }

    /// All addresses of an asset: its stored variants; and, where one signature can have two paths, pictures
    /// on request.
    private static List<PathPattern> all(CatalogEntry entry, AccessTerms terms) {
        AssetId id = entry.version().id();
        PathPattern stored = new PathPattern(MediaPath.ROOT + "image/" + id + "/");
        return switch (terms.format()) {
            case SAFELIGHT -> List.of(stored, new PathPattern("/images/" + id + "*"));
            case CLOUDFRONT -> List.of(stored);
        };
    }
}
