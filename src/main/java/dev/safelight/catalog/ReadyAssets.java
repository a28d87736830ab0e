package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import dev.safelight.asset.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The assets whose current version, or the one shown in its place, is READY, for walks through all of them.
@Component
public final class ReadyAssets {
    private final ReadyAssetRepository repository;

    ReadyAssets(ReadyAssetRepository repository) {
        this.repository = repository;
    }

    /// Which of them; what is not given does not matter.
    ///
    /// @param createdAfter that or later
    /// @param createdBefore earlier than that
    /// @param skuPrefix how the article begins that the upload named
    /// @param assets only these; null for any
    public record Query(
            Set<Space> spaces,
            @Nullable Instant createdAfter,
            Instant createdBefore,
            @Nullable String skuPrefix,
            @Nullable List<AssetId> assets) {
        public Query {
            spaces = Set.copyOf(spaces);
            assets = assets == null ? null : List.copyOf(assets);
        }
    }

    /// A page, newest first.
    ///
    /// @param before the last asset of the page before
    public List<VersionId> page(Query query, @Nullable AssetId before, int limit) {
        return repository.page(query, before, limit);
    }

    /// Some of them, picked evenly: the same ones each time.
    public List<VersionId> sample(Query query, int limit) {
        return repository.sample(query, limit);
    }

    public long count(Query query) {
        return repository.count(query);
    }
}
