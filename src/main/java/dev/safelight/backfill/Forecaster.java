package dev.safelight.backfill;

import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.ReadyAssets;
import dev.safelight.pipeline.ReprocessPlan;
import dev.safelight.pipeline.Reprocessing;
import java.util.List;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/// Foresees what a backfill would do: from all its assets if they are few, else from a sample, so that the answer does
/// not take longer the more there are.
@Component
final class Forecaster {
    static final int SAMPLE = 1000;

    private final ReadyAssets assets;
    private final Catalog catalog;
    private final Reprocessing reprocessing;

    Forecaster(ReadyAssets assets, Catalog catalog, Reprocessing reprocessing) {
        this.assets = assets;
        this.catalog = catalog;
        this.reprocessing = reprocessing;
    }

    Forecast of(ReadyAssets.Query query) {
        return of(query, SAMPLE);
    }

    Forecast of(ReadyAssets.Query query, int sample) {
        List<VersionId> picked = assets.sample(query, sample);
        long total = picked.size() < sample ? picked.size() : assets.count(query);
        List<ReprocessPlan> plans = picked.stream()
                .flatMap(id -> catalog.find(id.asset(), id.version()).stream())
                .map(CatalogEntry::version)
                .filter(version -> version.status() == Status.READY)
                .map(reprocessing::plan)
                .toList();
        double scale = picked.isEmpty() ? 1 : (double) total / picked.size();
        long needed = scaled(plans, scale, plan -> plan.isNeeded() ? 1 : 0);
        Long seconds = reprocessing
                .usualDuration()
                .map(each -> Math.round(each.toMillis() * needed / 1000.0))
                .orElse(null);
        return new Forecast(
                true,
                total,
                picked.size(),
                picked.size() >= total,
                needed,
                scaled(plans, scale, ReprocessPlan::made),
                scaled(plans, scale, ReprocessPlan::kept),
                scaled(plans, scale, ReprocessPlan::unlisted),
                scaled(plans, scale, ReprocessPlan::removed),
                scaled(plans, scale, ReprocessPlan::addressesEnded),
                scaled(plans, scale, ReprocessPlan::bytesToWrite),
                scaled(plans, scale, ReprocessPlan::bytesFreed),
                seconds);
    }

    private static long scaled(List<ReprocessPlan> plans, double scale, ToLongFunction<ReprocessPlan> count) {
        return Math.round(plans.stream().mapToLong(count).sum() * scale);
    }
}
