package dev.safelight.asset;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether people or classifiers have cleared a version for delivery. Only what is approved is ever served.
public enum Moderation {
    PENDING,
    APPROVED,
    REJECTED;

    /// The state in which a space's uploads start.
    public static Moderation initial(Space space) {
        return switch (space) {
            case PRODUCT, MARKETING -> APPROVED;
            case USER -> PENDING;
        };
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Moderation> parse(String text) {
        return Stream.of(values()).filter(state -> state.text().equals(text)).findFirst();
    }
}
