package dev.safelight.signing;

import java.util.Base64;
import java.util.Optional;

/// Base64 as CloudFront writes it into URLs and cookies: `-` for `+`, `_` for `=`, `~` for `/`.
final class CloudFrontText {
    private CloudFrontText() {}

    static String encode(byte[] bytes) {
        return Base64.getEncoder()
                .encodeToString(bytes)
                .replace('+', '-')
                .replace('=', '_')
                .replace('/', '~');
    }

    /// Empty unless it is the one spelling of some bytes.
    static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getDecoder()
                    .decode(text.replace('-', '+').replace('_', '=').replace('~', '/'));
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
