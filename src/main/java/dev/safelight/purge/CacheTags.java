package dev.safelight.purge;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Sha256;
import dev.safelight.asset.Space;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names by which answers can be purged together.
///
/// They have the form that all edges take: small letters, digits and `. _ -`, which Akamai, Cloudflare,
/// CloudFront and Fastly allow, and which need no escapes in their headers; 128 characters at most, which
/// is Akamai's bound.
public final class CacheTags {
    /// Of the longest tag.
    public static final int LONGEST = 128;

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");
    private static final Pattern OF_ASSET =
            Pattern.compile("asset-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-v[1-9][0-9]{0,8})?");
    private static final Pattern PLAIN_SKU = Pattern.compile("[a-z0-9._-]{1,100}");

    private CacheTags() {}

    /// Whether a text can be a tag.
    public static boolean isTag(String text) {
        return FORM.matcher(text).matches();
    }

    /// Of all that shows an asset.
    public static String asset(AssetId asset) {
        return "asset-" + asset;
    }

    /// Of all that shows one version of an asset.
    public static String version(AssetId asset, int version) {
        return asset(asset) + "-v" + version;
    }

    /// Of all that shows something of a space.
    public static String space(Space space) {
        return "space-" + space.text();
    }

    /// Of what is delivered for an article. Articles that differ in capitals alone share a tag, which
    /// purges too much and never too little; those with other characters than a tag can have are named by a
    /// hash.
    public static String sku(String sku) {
        String small = sku.toLowerCase(Locale.ROOT);
        return PLAIN_SKU.matcher(small).matches() ? "sku-" + small : "sku--" + Sha256.hex(sku);
    }

    /// The asset that a tag is about, where it is about one.
    static Optional<AssetId> assetOf(String tag) {
        Matcher form = OF_ASSET.matcher(tag);
        return form.matches() ? AssetId.parse(form.group(1)) : Optional.empty();
    }
}
