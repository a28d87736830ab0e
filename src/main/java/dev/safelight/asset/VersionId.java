package dev.safelight.asset;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One version of one asset, written `{assetId}/v{version}`.
public record VersionId(AssetId asset, int version) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f-]{36})/v([1-9][0-9]{0,8})");

    public static Optional<VersionId> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? AssetId.parse(matcher.group(1)).map(id -> new VersionId(id, Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return asset + "/v" + version;
    }
}
