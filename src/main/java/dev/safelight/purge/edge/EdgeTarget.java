package dev.safelight.purge.edge;

import dev.safelight.asset.AssetId;
import dev.safelight.purge.CacheTags;
import dev.safelight.purge.PurgeTarget;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What an edge can be told to forget, in its own terms.
sealed interface EdgeTarget {
    /// Ways to choose, of which edges know different ones.
    enum Way {
        TAG,
        PATH,
        PREFIX,
        EVERYTHING
    }

    Way way();

    /// What bears a tag.
    record Tag(String tag) implements EdgeTarget {
        @Override
        public Way way() {
            return Way.TAG;
        }
    }

    /// One address.
    ///
    /// @param path with its query, encoded as it is requested
    record Path(String path) implements EdgeTarget {
        @Override
        public Way way() {
            return Way.PATH;
        }
    }

    /// All addresses that begin alike.
    ///
    /// @param prefix of the path, encoded as it is requested
    record Prefix(String prefix) implements EdgeTarget {
        @Override
        public Way way() {
            return Way.PREFIX;
        }
    }

    /// All that the edge keeps of us.
    record Everything() implements EdgeTarget {
        @Override
        public Way way() {
            return Way.EVERYTHING;
        }
    }

    /// A purge in terms that an edge knows: tags where it knows them, since they find whatever shows an
    /// asset; else what can be said by paths.
    ///
    /// @throws Unsupported when it cannot be said
    static List<EdgeTarget> of(PurgeTarget target, Set<Way> known) throws Unsupported {
        return switch (target.what()) {
            case ASSET -> ofAssets(target.assets(), known);
            case SKU -> ofSkus(target, known);
            case TAG -> ofTags(target, known);
            case PATH -> ofPaths(target, known);
            case PREFIX -> ofPrefixes(target, known);
            case EVERYTHING -> everything(known);
        };
    }

    private static List<EdgeTarget> everything(Set<Way> known) throws Unsupported {
        if (!known.contains(Way.EVERYTHING)) {
            throw new Unsupported("everything at once");
        }
        return List.of(new Everything());
    }

    private static List<EdgeTarget> ofAssets(Set<AssetId> assets, Set<Way> known) throws Unsupported {
        if (known.contains(Way.TAG)) {
            return assets.stream()
                    .<EdgeTarget>map(asset -> new Tag(CacheTags.asset(asset)))
                    .toList();
        }
        if (!known.contains(Way.PREFIX)) {
            throw new Unsupported("by tag or prefix");
        }
        return assets.stream()
                .flatMap(asset -> Stream.of(
                        "/media/image/" + asset + "/",
                        "/media/video/" + asset + "/",
                        "/media/document/" + asset + "/",
                        "/images/" + asset))
                .<EdgeTarget>map(Prefix::new)
                .toList();
    }

    private static List<EdgeTarget> ofSkus(PurgeTarget target, Set<Way> known) throws Unsupported {
        List<EdgeTarget> targets = new ArrayList<>(ofAssets(target.assets(), known));
        for (String sku : target.subjects()) {
            targets.add(
                    known.contains(Way.TAG)
                            ? new Tag(CacheTags.sku(sku))
                            : new Prefix("/skus/"
                                    + URLEncoder.encode(sku, StandardCharsets.UTF_8)
                                            .replace("+", "%20")
                                    + "/"));
        }
        return targets;
    }

    private static List<EdgeTarget> ofTags(PurgeTarget target, Set<Way> known) throws Unsupported {
        if (known.contains(Way.TAG)) {
            return target.subjects().stream().<EdgeTarget>map(Tag::new).toList();
        }
        if (target.clearsAll()) {
            throw new Unsupported("by tag");
        }
        return ofAssets(target.assets(), known);
    }

    private static List<EdgeTarget> ofPaths(PurgeTarget target, Set<Way> known) throws Unsupported {
        if (known.contains(Way.PATH)) {
            return target.subjects().stream().<EdgeTarget>map(Path::new).toList();
        }
        throw new Unsupported("by path");
    }

    private static List<EdgeTarget> ofPrefixes(PurgeTarget target, Set<Way> known) throws Unsupported {
        if (known.contains(Way.PREFIX)) {
            return target.subjects().stream().<EdgeTarget>map(Prefix::new).toList();
        }
        if (target.clearsAll()) {
            throw new Unsupported("by prefix");
        }
        return ofAssets(target.assets(), known);
    }

    /// The edge has no way to be told so.
    final class Unsupported extends Exception {
        private static final long serialVersionUID = 1;

        Unsupported(String how) {
            super("this edge cannot purge " + how);
        }
    }
}
