package dev.safelight.access;

import dev.safelight.asset.Space;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is calling: a verified API key, or an upload session that acts for one.
///
/// @param keyId of the API key; owns what the caller uploads
/// @param limits of what the key may upload, beside those of the spaces
/// @param session null for a key itself
public record Caller(
        UUID keyId,
        String name,
        Set<Role> roles,
        KeyLimits limits,
        @Nullable UploadSession session) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    /// A key.
    public Caller(UUID keyId, String name, Set<Role> roles, KeyLimits limits) {
        this(keyId, name, roles, limits, null);
    }

    /// A key with nothing but the limits of the spaces.
    public Caller(UUID keyId, String name, Set<Role> roles) {
        this(keyId, name, roles, KeyLimits.NONE, null);
    }

    public boolean has(Role... anyOf) {
        return Role.anyOf(roles, Set.of(anyOf));
    }

    public boolean mayUploadTo(Space space) {
        boolean byRole = switch (space) {
            case PRODUCT, USER -> has(Role.UPLOADER, Role.EDITOR);
            case MARKETING -> has(Role.MARKETING);
        };
        return limits.allows(space) && (session == null ? byRole : session.space() == space);
    }

    /// Whether the caller may change all assets of a space.
    public boolean mayEdit(Space space) {
        return switch (space) {
            case PRODUCT, USER -> has(Role.EDITOR);
            case MARKETING -> has(Role.MARKETING);
        };
    }

    /// Whether the caller may change an asset of a space that a key owns: uploaders change what is theirs.
    public boolean mayChange(Space space, UUID owner) {
        return mayEdit(space) || (session == null && mayUploadTo(space) && owner.equals(keyId));
    }

    /// Whether the caller may see an asset of a space that a key owns.
    public boolean maySee(Space space, UUID owner) {
        if (has(Role.MODERATOR)) {
            return true;
        }
        return switch (space) {
            case PRODUCT, USER -> has(Role.VIEWER, Role.EDITOR) || (has(Role.UPLOADER) && owner.equals(keyId));
            case MARKETING -> has(Role.MARKETING);
        };
    }
}
