package dev.safelight.upload;

import dev.safelight.asset.Failure;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What Uppy tells a Companion about a file beside its name and type.
///
/// @param kept what stays with the asset
/// @param size of the file in bytes, when the page added it as `size` or `fileSize`; null when not
/// @param file what tells the file from others of its name, when the page added it as `fileId` or
///     `lastModified`; null
///     when not
record CompanionMetadata(
        Map<String, String> kept,
        @Nullable Long size,
        @Nullable String file) {
    private static final String FILE_ID = "fileId";
    private static final int LONGEST_FILE_ID = 1024;
    private static final Set<String> SIZES = Set.of("size", "fileSize");
    /// Said already, as the name and the type of the file.
    private static final Set<String> KNOWN = Set.of("name", "type");
    /// By these, pictures are found: whoever opens the session decides on them, and not the page.
    private static final Set<String> OF_SESSIONS = Set.of("sku", "part", "role");

    /// @param all values as JSON or a query gave them
    static CompanionMetadata of(Map<String, ? extends @Nullable Object> all) {
        Map<String, String> kept = new TreeMap<>();
        Long size = null;
        String fileId = null;
        for (var entry : all.entrySet()) {
            String name = entry.getKey();
            String value = text(name, entry.getValue());
            if (OF_SESSIONS.contains(name)) {
                throw new Failure(
                        Failure.Kind.FORBIDDEN,
                        "metadata.%s is set by who opens the session; a page cannot.".formatted(name));
            }
            // Uppy says "null" where a file has no folder.
            if (value == null || KNOWN.contains(name) || (name.equals("relativePath") && value.equals("null"))) {
                continue;
            }
            if (SIZES.contains(name)) {
                size = bytes(name, value);
            } else if (name.equals(FILE_ID)) {
                fileId = shortEnough(value);
            } else {
                kept.put(name, value);
            }
        }
        return new CompanionMetadata(kept, size, fileId == null ? file(kept) : fileId);
    }

    /// Two files of one name can have been changed at one moment when they lie in two folders.
    private static @Nullable String file(Map<String, String> kept) {
        String lastModified = kept.get("lastModified");
        return lastModified == null ? null : lastModified + " " + kept.getOrDefault("relativePath", "");
    }

    private static String shortEnough(String fileId) {
        if (fileId.isEmpty() || fileId.length() > LONGEST_FILE_ID) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "metadata.%s must have 1 to %d characters.".formatted(FILE_ID, LONGEST_FILE_ID));
        }
        return fileId;
    }

    private static @Nullable String text(String name, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default ->
                throw new Failure(
                        Failure.Kind.INVALID,
                        "metadata.%s must be text, a number, true, false or null.".formatted(Shown.shortened(name)));
        };
    }

    private static Long bytes(String name, String value) {
        if (!value.matches("[0-9]{1,18}")) {
            throw new Failure(Failure.Kind.INVALID, "metadata.%s must be a number of bytes.".formatted(name));
        }
        return Long.valueOf(value);
    }
}
