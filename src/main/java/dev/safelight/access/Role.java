package dev.safelight.access;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What an API key may be used for. Roles are additive; only ADMIN implies others.
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
    ADMIN,
    /// What an upload session may do, and nothing else: no key has it, and ADMIN does not imply it.
    SESSION,
    /// What a store may do that pushes its events, and nothing else: no key has it, and ADMIN does not imply it.
    STORE;

    /// The roles that keys can have.
    public static final List<Role> OF_KEYS = List.of(UPLOADER, EDITOR, MARKETING, MODERATOR, VIEWER, ADMIN);

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads a role of a key.
    public static Optional<Role> parse(String text) {
        return OF_KEYS.stream().filter(role -> role.text().equals(text)).findFirst();
    }

    /// Whether a holder of these roles may use what asks for one of `wanted`.
    static boolean anyOf(Set<Role> held, Set<Role> wanted) {
        return held.stream().anyMatch(wanted::contains)
                || (held.contains(ADMIN) && OF_KEYS.stream().anyMatch(wanted::contains));
    }
}
