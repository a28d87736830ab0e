package dev.safelight.asset;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The access model an asset lives in.
public enum Space {
    /// Shop and catalogue media: public once processed.
    PRODUCT,
    /// Media of end users: private, and pending until approved.
    USER,
    /// Campaign media: public, written by marketing credentials only.
    MARKETING;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Space> parse(String text) {
        return Stream.of(values()).filter(space -> space.text().equals(text)).findFirst();
    }

    @Override
    public String toString() {
        return text();
    }
}
