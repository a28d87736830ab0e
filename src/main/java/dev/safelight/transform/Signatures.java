package dev.safelight.transform;

import dev.safelight.asset.Failure;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Signs URLs and checks signatures, as imgproxy does: HMAC-SHA256 of salt and text, base64url without padding.
///
/// The first pair signs; all are good for checking, so that keys can be changed without breaking URLs.
public final class Signatures {
    public static final int WHOLE = 32;
    public static final int SHORTEST = 8;

    private static final int SHORTEST_KEY = 16;
    private static final String PARAMETER = "s=";

    private final List<KeyPair> pairs;
    private final int size;

    /// @param size of a signature in bytes, 8 to 32
    public Signatures(List<KeyPair> pairs, int size) {
        if (size < SHORTEST || size > WHOLE) {
            throw new IllegalArgumentException("a signature has %d to %d bytes".formatted(SHORTEST, WHOLE));
        }
        this.pairs = List.copyOf(pairs);
        this.size = size;
    }

    /// A secret in two parts; the salt may be empty.
    public record KeyPair(byte[] key, byte[] salt) {
        public KeyPair {
            key = key.clone();
            salt = salt.clone();
            if (key.length == 0) {
                throw new IllegalArgumentException("a signing key cannot be empty");
            }
        }

        /// Reads the hexadecimal form of the configuration.
        ///
        /// @param setting to name in complaints, such as `safelight.transform.keys[0]`
        static KeyPair ofHex(String setting, String key, String salt) {
            byte[] secret = hex(setting + ".key", key);
            if (secret.length < SHORTEST_KEY) {
                throw new IllegalArgumentException("%s.key has fewer than %d bytes".formatted(setting, SHORTEST_KEY));
            }
            return new KeyPair(secret, hex(setting + ".salt", salt));
        }

        private static byte[] hex(String setting, String text) {
            try {
                return HexFormat.of().parseHex(text.strip());
            } catch (IllegalArgumentException _) {
                // The cause would show the value.
                throw new IllegalArgumentException(setting + " is not a whole number of hexadecimal bytes");
            }
        }

        @Override
        public String toString() {
            return "KeyPair[hidden]";
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof KeyPair pair && Arrays.equals(key, pair.key) && Arrays.equals(salt, pair.salt);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }
    }

    public boolean isEmpty() {
        return pairs.isEmpty();
    }

    /// In characters.
    public int length() {
        return (size * 8 + 5) / 6;
    }

    /// The signature of a text: of the path behind the signature, or of path and query.
    public String sign(String text) {
        if (pairs.isEmpty()) {
            throw new IllegalStateException("no key to sign with; see safelight.transform.keys");
        }
        return sign(text, pairs.getFirst());
    }

    /// `/rs:fill:300/plain/…` with its signature in front.
    public String signPath(String path) {
        return "/" + sign(path) + path;
    }

    /// `path?query&s=…`
    ///
    /// @param query raw, without `s`; may be empty
    public String signQuery(String path, String query) {
        String text = query.isEmpty() ? path : path + "?" + query;
        return text + (query.isEmpty() ? "?" : "&") + PARAMETER + sign(text);
    }

    /// Whether any pair made this signature; takes the same time for each.
    public boolean verify(String signature, String text) {
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        boolean right = false;
        for (KeyPair pair : pairs) {
            // Compared as text, so that each signature has one spelling.
            right |= MessageDigest.isEqual(sign(text, pair).getBytes(StandardCharsets.US_ASCII), given);
        }
        return right;
    }

    /// Whether the query form is signed.
    ///
    /// @return false without `s`
    /// @throws Failure FORBIDDEN when the signature is wrong
    public boolean isSigned(String path, @Nullable String query) {
        if (query == null) {
            return false;
        }
        List<String> rest = new ArrayList<>();
        String signature = null;
        for (String part : query.split("&", -1)) {
            if (!part.startsWith(PARAMETER)) {
                rest.add(part);
            } else if (signature == null) {
                signature = part.substring(PARAMETER.length());
            } else {
                throw new Failure(Failure.Kind.INVALID, "s is given twice");
            }
        }
        if (signature == null) {
            return false;
        }
        if (!verify(signature, rest.isEmpty() ? path : path + "?" + String.join("&", rest))) {
            throw wrong();
        }
        return true;
    }

    static Failure wrong() {
        return new Failure(Failure.Kind.FORBIDDEN, "the signature is wrong");
    }

    private String sign(String text, KeyPair pair) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(pair.key, "HmacSHA256"));
            mac.update(pair.salt);
            byte[] whole = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, size));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this Java has no HMAC-SHA256", broken);
        }
    }

    @Override
    public String toString() {
        return "Signatures[%d keys]".formatted(pairs.size());
    }
}
