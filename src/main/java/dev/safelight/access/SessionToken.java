package dev.safelight.access;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a web page proves its upload session by: `us_`, the id of the session, `_`, 256 random bits.
record SessionToken(UUID id, String secret) {
    private static final Pattern FORM = Pattern.compile("us_([0-9a-f]{32})_([A-Za-z0-9_-]{43})");

    static SessionToken create(UUID id) {
        return new SessionToken(id, ApiKey.randomSecret());
    }

    static Optional<SessionToken> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new SessionToken(ApiKey.readId(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /// A text with all tokens in it made useless.
    static String redact(String text) {
        return FORM.matcher(text).replaceAll("us_$1_…");
    }

    /// What stands in the path of each request.
    String text() {
        return "us_" + id.toString().replace("-", "") + "_" + secret;
    }

    byte[] secretHash() {
        return ApiKey.hash(secret);
    }

    boolean matches(byte[] storedHash) {
        return ApiKey.matches(secret, storedHash);
    }

    @Override
    public String toString() {
        return "SessionToken[" + id + "]";
    }
}
