package dev.safelight.signing;

import dev.safelight.asset.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Safelight's own signatures: signs a policy as a token, and holds tokens against requests.
///
/// A token is `{key id}.{policy}.{signature}`. The policy is its text in UTF-8, the signature is HMAC-SHA256
/// of `safelight-access-1`, the id of the key and the text of the policy, joined by line feeds. Both are
/// written in base64url without padding. The first key signs; all are good for reading, so that keys can be
/// changed without breaking what was handed out.
public final class AccessTokens {
    /// The parameter of URLs that holds a token.
    public static final String PARAMETER = "access";

    /// The cookie that holds a token.
    public static final String COOKIE = "Safelight-Access";

    /// What a cookie can hold, and far more than a policy needs.
    public static final int LONGEST = 3800;

    private static final String CONTEXT = "safelight-access-1";
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_-]{1,32})\\.([A-Za-z0-9_-]{1,3700})\\.([A-Za-z0-9_-]{43})");
    /// How far the clocks of those who sign may be ahead.
    private static final Duration LENIENCE = Duration.ofMinutes(1);

    private final List<Key> keys;
    private final Duration longest;

    /// @param longest time that a token may hold from now on
    public AccessTokens(List<Key> keys, Duration longest) {
        this.keys = List.copyOf(keys);
        this.longest = longest;
        Set<String> ids = new HashSet<>();
        for (Key key : keys) {
            if (!ids.add(key.id())) {
                throw new IllegalArgumentException("two keys have the id " + key.id());
            }
        }
    }

    /// A secret with a name that everybody may know.
    ///
    /// @param id 1 to 32 letters, digits, `-` and `_`
    public record Key(String id, SecretKeySpec secret) {
        static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");
        private static final String ALGORITHM = "HmacSHA256";

        public Key(String id, byte[] secret) {
            this(id, new SecretKeySpec(secret, ALGORITHM));
        }

        public Key {
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException("the id of a key is 1 to 32 letters, digits, - and _");
            }
        }

        byte[] sign(String text) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(secret);
                return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException("this Java has no HMAC-SHA256", broken);
            }
        }

        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /// @throws IllegalStateException without a key
    /// @throws Failure invalid, when the terms take more room than an address has
    public String sign(AccessPolicy policy) {
        if (keys.isEmpty()) {
            throw new IllegalStateException("no key to sign with; see safelight.signing.keys");
        }
        String text = policy.text();
        Key key = keys.getFirst();
        String token = key.id() + '.' + encode(text.getBytes(StandardCharsets.UTF_8)) + '.' + signature(key, text);
        if (token.length() > LONGEST || !FORM.matcher(token).matches()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The terms take more room than an address has: give fewer or shorter referrers and paths.");
        }
        return token;
    }

    /// Holds a token against a request.
    public Verdict verify(String token, Visit visit) {
        var parts = FORM.matcher(token);
        if (token.length() > LONGEST || !parts.matches()) {
            return new Verdict.Refused("it is not of the form key.policy.signature");
        }
        Key key = keys.stream()
                .filter(known -> known.id().equals(parts.group(1)))
                .findFirst()
                .orElse(null);
        if (key == null) {
            return new Verdict.Refused("its key is not known, or no longer");
        }
        try {
            String text = decode(parts.group(2));
            // Compared as text, so that each signature has one spelling.
            if (!MessageDigest.isEqual(
                    signature(key, text).getBytes(StandardCharsets.US_ASCII),
                    parts.group(3).getBytes(StandardCharsets.US_ASCII))) {
                return new Verdict.Refused("it is wrong");
            }
            AccessPolicy policy = AccessPolicy.parse(text);
            return policy.expires().isAfter(visit.now().plus(longest).plus(LENIENCE))
                    ? new Verdict.Refused("it holds longer than signatures may")
                    : policy.hold(visit);
        } catch (IllegalArgumentException malformed) {
            return new Verdict.Refused(String.valueOf(malformed.getMessage()));
        }
    }

    private static String signature(Key key, String text) {
        return encode(key.sign(CONTEXT + "\n" + key.id() + "\n" + text));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String decode(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("it is wrong", malformed);
        }
        if (!encode(bytes).equals(text)) {
            throw new IllegalArgumentException("it is wrong");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("it is wrong", malformed);
        }
    }

    @Override
    public String toString() {
        return "AccessTokens" + keys;
    }
}
