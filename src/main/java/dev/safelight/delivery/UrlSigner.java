package dev.safelight.delivery;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.delivery.AccessBySpace.Mode;
import dev.safelight.delivery.AccessTerms.Format;
import dev.safelight.signing.AccessPolicy;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.CloudFrontParameters;
import dev.safelight.signing.CloudFrontPolicy;
import dev.safelight.signing.CloudFrontSigner;
import dev.safelight.signing.PathPattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Signs paths in either format; asks nobody whether it should, as [VariantUrls] does.
///
/// @param base what URLs begin with; empty where they are relative to the host
/// @param cloudFront absent without a private key
record UrlSigner(
        String base,
        AccessBySpace spaces,
        AccessTokens tokens,
        @Nullable CloudFrontSigner cloudFront) {
    /// A signature over some paths.
    ///
    /// @param base what URLs begin with that it is for
    /// @param query its parameters in URLs
    /// @param cookies the same as cookies, by name
    record Signed(String base, String query, Map<String, String> cookies) {
        String url(String path) {
            return base + path + "?" + query;
        }

        @Override
        public String toString() {
            return "Signed[" + base + "]";
        }
    }

    /// The format that the settings have a key for.
    Format usual() {
        return tokens.isEmpty() && cloudFront != null ? Format.CLOUDFRONT : Format.SAFELIGHT;
    }

    boolean canSign() {
        return !tokens.isEmpty() || cloudFront != null;
    }

    /// @param paths for CloudFront's format exactly one
    /// @throws Failure CONFLICT when there is no key for the format, or the space does not take it
    Signed sign(Space space, List<PathPattern> paths, AccessTerms terms) {
        return switch (terms.format()) {
            case SAFELIGHT -> own(space, paths, terms);
            case CLOUDFRONT -> ofCloudFront(space, paths.getFirst(), terms);
        };
    }

    private Signed own(Space space, List<PathPattern> paths, AccessTerms terms) {
        if (tokens.isEmpty()) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "This server has no key to sign with: safelight.signing.keys must have one; see docs/access.md.");
        }
        String token = tokens.sign(new AccessPolicy(
                paths,
                terms.expires(),
                terms.notBefore(),
                terms.ip(),
                terms.referrers(),
                spaces.of(space) == Mode.PRIVATE ? space : null));
        return new Signed(base, AccessTokens.PARAMETER + "=" + token, Map.of(AccessTokens.COOKIE, token));
    }

    private Signed ofCloudFront(Space space, PathPattern path, AccessTerms terms) {
        CloudFrontSigner signer = cloudFront;
        if (signer == null) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "This server has no key to sign with in CloudFront's format:"
                            + " safelight.signing.cloudfront.private-key must name one; see docs/access.md.");
        }
        if (spaces.of(space) == Mode.PRIVATE) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The space \"%s\" is private and takes signatures of the format \"safelight\" only."
                            .formatted(space));
        }
        String resource = signer.base() + path + (path.text().endsWith("/") ? "*" : "");
        CloudFrontParameters parameters =
                signer.sign(new CloudFrontPolicy(resource, terms.expires(), terms.notBefore(), terms.ip()));
        Map<String, String> cookies = new LinkedHashMap<>();
        parameters.byName().forEach((name, value) -> cookies.put(CloudFrontParameters.COOKIE_PREFIX + name, value));
        String query = parameters.byName().entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("&"));
        return new Signed(signer.base(), query, cookies);
    }
}
