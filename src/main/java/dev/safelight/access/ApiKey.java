package dev.safelight.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An API key as its holder sees it: `sl_`, the id of the key, `_`, 256 random bits.
///
/// The secret half has full entropy, so one round of SHA-256 is a sufficient hash of it; nothing can be guessed.
record ApiKey(UUID id, String secret) {
    private static final Pattern FORM = Pattern.compile("sl_([0-9a-f]{32})_([A-Za-z0-9_-]{43})");
    private static final SecureRandom RANDOM = new SecureRandom();

    static ApiKey create(UUID id) {
        return new ApiKey(id, randomSecret());
    }

    static String randomSecret() {
        byte[] bits = new byte[32];
        RANDOM.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    static Optional<ApiKey> parse(String token) {
        Matcher matcher = FORM.matcher(token);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new ApiKey(readId(matcher.group(1)), matcher.group(2)));
    }

    static UUID readId(String hex) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    /// What the holder sends.
    String token() {
        return "sl_" + id.toString().replace("-", "") + "_" + secret;
    }

    byte[] secretHash() {
        return hash(secret);
    }

    static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    boolean matches(byte[] storedHash) {
        return matches(secret, storedHash);
    }

    /// Takes as long whether they match or not.
    static boolean matches(String secret, byte[] storedHash) {
        return MessageDigest.isEqual(hash(secret), storedHash);
    }

    @Override
    public String toString() {
        return "ApiKey[" + id + "]";
    }
}
