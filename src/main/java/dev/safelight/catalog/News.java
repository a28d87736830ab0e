package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one process tells the others of a change, as text of at most a hundred characters.
///
/// @param sender the process, which need not be told itself
/// @param withdrawn whether less of the asset may be delivered than before
record News(UUID sender, AssetId asset, boolean withdrawn) {
    private static final Pattern TEXT = Pattern.compile("([0-9a-f-]{36}) (changed|withdrawn) ([0-9A-Za-z-]{1,40})");

    String text() {
        return sender + (withdrawn ? " withdrawn " : " changed ") + asset;
    }

    /// Empty for what this version does not understand.
    static Optional<News> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            UUID sender = UUID.fromString(parts.group(1));
            boolean withdrawn = parts.group(2).equals("withdrawn");
            return AssetId.parse(parts.group(3)).map(asset -> new News(sender, asset, withdrawn));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
