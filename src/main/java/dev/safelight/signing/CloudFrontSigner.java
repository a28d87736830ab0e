package dev.safelight.signing;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;

/// Signs policies in CloudFront's format, for a distribution of CloudFront or for our own edge.
///
/// @param base what the URLs begin with that it signs, as in `https://d111111abcdef8.cloudfront.net`
/// @param keyPairId the id that CloudFront gave to the public key
public record CloudFrontSigner(String base, String keyPairId, PrivateKey key, CloudFrontHash hash) {

    /// Signs with a canned policy where one says it all.
    public CloudFrontParameters sign(CloudFrontPolicy policy) {
        byte[] text = policy.text().getBytes(StandardCharsets.UTF_8);
        boolean canned = policy.isCanned();
        return new CloudFrontParameters(
                canned ? String.valueOf(policy.expires().getEpochSecond()) : null,
                canned ? null : CloudFrontText.encode(text),
                CloudFrontText.encode(hash.sign(key, text)),
                keyPairId,
                // Not given for SHA-1, which those assume who do not know the parameter.
                hash == CloudFrontHash.SHA1 ? null : hash.name());
    }

    @Override
    public String toString() {
        return "CloudFrontSigner[" + base + ", " + keyPairId + "]";
    }
}
