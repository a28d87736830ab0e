package dev.safelight.backfill;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.ReadyAssets;
import dev.safelight.pipeline.ReprocessPlan;
import dev.safelight.pipeline.Reprocessing;
import dev.safelight.usage.Feature;
import dev.safelight.usage.PriceTable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/// Foresees what a backfill would do: from all its assets if they are few, else from a sample, so that only the
/// counting takes longer the more there are.
@Component
final class Forecaster {
    static final int SAMPLE = 1000;

    /// Digits of a cost behind the point.
    private static final int CENTS_OF_CENTS = 4;

    private final ReadyAssets assets;
    private final Catalog catalog;
    private final Reprocessing reprocessing;
    private final PriceTable prices;

    Forecaster(ReadyAssets assets, Catalog catalog, Reprocessing reprocessing, PriceTable prices) {
        this.assets = assets;
        this.catalog = catalog;
        this.reprocessing = reprocessing;
        this.prices = prices;
    }

    Forecast of(ReadyAssets.Query query) {
        return of(query, SAMPLE);
    }

    Forecast of(ReadyAssets.Query query, int sample) {
        List<VersionId> picked = assets.sample(query, sample);
        long total = picked.size() < sample ? picked.size() : assets.count(query);
        List<AssetVersion> versions = picked.stream()
                .flatMap(id -> catalog.find(id.asset(), id.version()).stream())
                .map(CatalogEntry::version)
                .filter(version -> version.status() == Status.READY)
                .toList();
        List<ReprocessPlan> plans = versions.stream().map(reprocessing::plan).toList();
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
                storagePerMonth(versions, plans, scale),
                prices.currency(),
                seconds);
    }

    /// @param scale how many assets each of these stands for
    BigDecimal storagePerMonth(List<AssetVersion> versions, List<ReprocessPlan> plans, double scale) {
        Map<Space, Long> added = new EnumMap<>(Space.class);
        for (int i = 0; i < plans.size(); i++) {
            long bytes = plans.get(i).bytesToWrite() - plans.get(i).bytesFreed();
            added.merge(versions.get(i).space(), bytes, Long::sum);
        }
        return added.entrySet().stream()
                .map(each -> prices.storagePerMonth(
                        each.getKey(), Feature.VARIANTS, BigDecimal.valueOf(Math.round(each.getValue() * scale))))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .setScale(CENTS_OF_CENTS, RoundingMode.HALF_EVEN);
    }

    private static long scaled(List<ReprocessPlan> plans, double scale, ToLongFunction<ReprocessPlan> count) {
        return Math.round(plans.stream().mapToLong(count).sum() * scale);
    }
}
