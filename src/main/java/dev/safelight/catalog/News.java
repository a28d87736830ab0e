package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one process tells the others of a change, as text of at most a hundred characters.
///
/// @param sender the process, which need not be told itself
record News(UUID sender, AssetId asset) {
    private static final Pattern TEXT = Pattern.compile("([0-9a-f-]{36}) changed ([0-9A-Za-z-]{1,40})");

    String text() {
        return sender + " changed " + asset;
    }

    /// Empty for what this version does not understand.
    static Optional<News> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            UUID sender = UUID.fromString(parts.group(1));
            return AssetId.parse(parts.group(2)).map(asset -> new News(sender, asset));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
