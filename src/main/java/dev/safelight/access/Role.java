package dev.safelight.access;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What an API key may be used for. Roles are additive; only ADMIN implies all the others.
public enum Role {
    /// Uploads to the product and user spaces, and sees and changes what it uploaded.
    UPLOADER,
    /// Uploads, and sees and changes all assets outside the marketing space.
    EDITOR,
    /// Uploads, sees and changes assets of the marketing space, and of no other.
    MARKETING,
    /// Sees all assets and decides on pending ones.
    MODERATOR,
    /// Sees all assets outside the marketing space.
    VIEWER,
    /// Everything, including keys and jobs.
    ADMIN;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> parse(String text) {
        return Stream.of(values()).filter(role -> role.text().equals(text)).findFirst();
    }

    /// Whether a holder of these roles may use what asks for one of `wanted`.
    static boolean anyOf(Set<Role> held, Set<Role> wanted) {
        return held.contains(ADMIN) || held.stream().anyMatch(wanted::contains);
    }
}
