package dev.safelight.asset;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// An end user of the application, by the application's own id for them: it means nothing to Safelight, and should mean
/// nothing to others.
public record Account(String name) {
    /// It stands in paths, so it has no characters that these forbid, and is no step to another folder.
    public static final String FORM = "(?!\\.{1,2}$)[!-~&&[^/\\\\%;]]{1,128}";

    public static final String NOT_OF_FORM =
            "must be 1 to 128 printable ASCII characters without spaces and / \\ % ; and neither . nor ..";

    /// @throws Failure INVALID
    public Account {
        if (!name.matches(FORM)) {
            throw new Failure(Failure.Kind.INVALID, "account " + NOT_OF_FORM + ".");
        }
    }

    /// By which an account is known that was erased.
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Not the name, which must not get into a log.
    @Override
    public String toString() {
        return "Account";
    }
}
