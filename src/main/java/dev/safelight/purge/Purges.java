package dev.safelight.purge;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.CatalogListener;
import dev.safelight.job.JobQueue;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Takes purges in, from those who ask and for assets that are withdrawn. With the commit, each is certain
/// to be done.
@Component
class Purges implements CatalogListener {
    private static final int MOST_OF_A_SKU = 1_000;

    private final PurgeRepository purges;
    private final JobQueue jobs;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Purges(PurgeRepository purges, JobQueue jobs, TransactionTemplate transaction, InstantSource clock) {
        this.purges = purges;
        this.jobs = jobs;
        this.transaction = transaction;
        this.clock = clock;
    }

    UUID start(PurgeTarget target, UUID by) {
        return transaction.execute(_ -> add(target, Purge.Cause.REQUEST, by));
    }

    private UUID add(PurgeTarget target, Purge.Cause cause, @Nullable UUID by) {
        UUID id = AssetId.timeOrdered(clock.instant());
        purges.insert(id, target, cause, by);
        // Looked at at once; when its turn comes later, others will remind of it.
        purges.edges().forEach(edge -> jobs.enqueue(PurgeJobs.KIND, edge));
        return id;
    }

    /// Articles with what was ever uploaded for them.
    PurgeTarget ofSkus(List<String> skus) {
        Set<AssetId> assets = new LinkedHashSet<>();
        for (String sku : skus) {
            assets.addAll(purges.assetsOf(sku, MOST_OF_A_SKU + 1));
            if (assets.size() > MOST_OF_A_SKU) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "More than %d assets belong to these articles: purge fewer at once, or a prefix."
                                .formatted(MOST_OF_A_SKU));
            }
        }
        return PurgeTarget.skus(skus, assets);
    }

    /// Has the edges told once more, and now, that refused or wait for another attempt.
    void retry(UUID id) {
        transaction.executeWithoutResult(_ -> {
            List<String> edges = purges.reopen(id);
            if (edges.isEmpty()) {
                throw new Failure(
                        Failure.Kind.CONFLICT,
                        "No edge refused this purge or waits for another attempt: there is nothing to be tried again.");
            }
            edges.forEach(edge -> jobs.enqueue(PurgeJobs.KIND, edge));
        });
    }

    @Override
    public void assetChanged(AssetId id) {
        // What changed is asked for anew by those who know it; what must go is told below.
    }

    /// In the transaction that withdraws them: there is no withdrawal without a purge.
    @Override
    public void withdrawing(Set<AssetId> ids) {
        add(PurgeTarget.assets(ids), Purge.Cause.WITHDRAWAL, null);
    }
}
