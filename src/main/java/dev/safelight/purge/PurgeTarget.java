package dev.safelight.purge;

import dev.safelight.asset.AssetId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is to be forgotten.
///
/// @param subjects ids of assets, articles, tags, paths with their query, or what paths begin with; none
///     for everything
/// @param assets what the caches of nodes drop: those caches know assets and nothing else
/// @param clearsAll whether the caches of nodes drop everything instead, since subjects are no assets
public record PurgeTarget(What what, List<String> subjects, Set<AssetId> assets, boolean clearsAll) {
    /// Stored variants and pictures on request, by their paths: the third group is the asset.
    private static final Pattern OF_ASSET = Pattern.compile(
            "/(media/(image|video|document)|images)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})([/.?].*)?");

    /// By what things are chosen.
    public enum What {
        ASSET,
        SKU,
        TAG,
        PATH,
        PREFIX,
        EVERYTHING;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<What> parse(String text) {
            return Stream.of(values()).filter(one -> one.text().equals(text)).findFirst();
        }
    }

    public PurgeTarget {
        subjects = List.copyOf(subjects);
        assets = Set.copyOf(assets);
    }

    public static PurgeTarget everything() {
        return new PurgeTarget(What.EVERYTHING, List.of(), Set.of(), true);
    }

    public static PurgeTarget assets(Set<AssetId> assets) {
        return new PurgeTarget(
                What.ASSET, assets.stream().map(AssetId::toString).sorted().toList(), assets, false);
    }

    /// @param assets that were ever uploaded for them
    public static PurgeTarget skus(List<String> skus, Set<AssetId> assets) {
        return new PurgeTarget(What.SKU, skus, assets, false);
    }

    public static PurgeTarget tags(List<String> tags) {
        return of(What.TAG, tags, CacheTags::assetOf);
    }

    public static PurgeTarget paths(List<String> paths) {
        return of(What.PATH, paths, PurgeTarget::assetOfPath);
    }

    public static PurgeTarget prefixes(List<String> prefixes) {
        return of(What.PREFIX, prefixes, PurgeTarget::assetOfPath);
    }

    private static PurgeTarget of(What what, List<String> subjects, AssetOf assetOf) {
        Set<AssetId> assets = new LinkedHashSet<>();
        boolean others = false;
        for (String subject : subjects) {
            Optional<AssetId> asset = assetOf.find(subject);
            asset.ifPresent(assets::add);
            others |= asset.isEmpty();
        }
        return new PurgeTarget(what, subjects, assets, others);
    }

    /// The asset that a subject is about, if it is about one.
    private interface AssetOf {
        Optional<AssetId> find(String subject);
    }

    private static Optional<AssetId> assetOfPath(String path) {
        Matcher form = OF_ASSET.matcher(path);
        return form.matches() ? AssetId.parse(form.group(3)) : Optional.empty();
    }
}
