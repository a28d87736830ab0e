package dev.safelight.signing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a CloudFront signature, as parameters of a URL or as cookies.
///
/// @param expires of a canned policy, in seconds since 1970
/// @param policy a custom policy, encoded
/// @param signature encoded
/// @param keyPairId the id of the public key
/// @param hash `SHA1` or `SHA256`; SHA-1 when it is not given
public record CloudFrontParameters(
        @Nullable String expires,
        @Nullable String policy,
        @Nullable String signature,
        @Nullable String keyPairId,
        @Nullable String hash) {
    /// The names, as parameters of URLs.
    public static final List<String> NAMES = List.of("Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm");

    /// What the names begin with as cookies.
    public static final String COOKIE_PREFIX = "CloudFront-";

    /// @param given values by their names as parameters
    public static CloudFrontParameters of(Map<String, String> given) {
        return new CloudFrontParameters(
                given.get("Expires"),
                given.get("Policy"),
                given.get("Signature"),
                given.get("Key-Pair-Id"),
                given.get("Hash-Algorithm"));
    }

    /// The values by their names as parameters of URLs, in the order of CloudFront's documentation.
    public Map<String, String> byName() {
        Map<String, String> all = new LinkedHashMap<>();
        String[] values = {expires, policy, signature, keyPairId, hash};
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                all.put(NAMES.get(i), values[i]);
            }
        }
        return all;
    }
}
