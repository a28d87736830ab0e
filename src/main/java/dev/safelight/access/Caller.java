package dev.safelight.access;

import dev.safelight.asset.Space;
import java.util.Set;
import java.util.UUID;

/// Who is calling: a verified API key.
///
/// @param keyId of the API key; owns what the caller uploads
/// @param limits what it may upload, where that is less than the spaces allow
public record Caller(UUID keyId, String name, Set<Role> roles, KeyLimits limits) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    /// A caller with nothing but the limits of the spaces.
    public Caller(UUID keyId, String name, Set<Role> roles) {
        this(keyId, name, roles, KeyLimits.NONE);
    }

    public boolean has(Role... anyOf) {
        return Role.anyOf(roles, Set.of(anyOf));
    }

    public boolean mayUploadTo(Space space) {
        return switch (space) {
            case PRODUCT, USER -> has(Role.UPLOADER, Role.EDITOR);
            case MARKETING -> has(Role.MARKETING);
        };
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
        return mayEdit(space) || (mayUploadTo(space) && owner.equals(keyId));
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
