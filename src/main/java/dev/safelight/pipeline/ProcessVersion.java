package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The job that takes one version of an asset through its pipeline.
@Component
@OnRole(ServerRole.WORKER)
final class ProcessVersion implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessVersion.class);

    private final Catalog catalog;
    private final Pipelines pipelines;
    private final WorkFolder work;
    private final JobQueue jobs;
    private final TransactionTemplate transaction;
    private final MeterRegistry metrics;

    ProcessVersion(
            Catalog catalog,
            Pipelines pipelines,
            WorkFolder work,
            JobQueue jobs,
            TransactionTemplate transaction,
            MeterRegistry metrics) {
        this.catalog = catalog;
        this.pipelines = pipelines;
        this.work = work;
        this.jobs = jobs;
        this.transaction = transaction;
        this.metrics = metrics;
    }

    @Override
    public String kind() {
        return Catalog.PROCESSING_JOB;
    }

    @Override
    public void run(JobRun run) throws IOException, InterruptedException {
        Optional<AssetVersion> version = findLive(run.instance()).filter(found -> found.status() == Status.PROCESSING);
        if (version.isEmpty()) {
            if (run.isRepeated()) {
                // The asset may have been purged while an earlier attempt stored variants.
                jobs.enqueue(RemoveLeftovers.KIND, run.instance());
            }
            return;
        }
        catalog.started(new VersionId(version.get().id(), version.get().version()));
        Pipeline pipeline = pipelines.of(version.get().original().declaredType());
        long started = System.nanoTime();
        AssetVersion end;
        try (Workspace workspace = work.open()) {
            end = pipeline.run(version.get(), workspace, run);
        }
        conclude(end, run);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        metrics.timer(
                        "safelight.pipeline",
                        "pipeline",
                        pipeline.name(),
                        "status",
                        end.status().name())
                .record(took);
        run.steps()
                .forEach(step -> metrics.timer("safelight.pipeline.step", "step", step.name())
                        .record(Duration.ofNanos(step.micros() * 1000)));
        LOG.info("{} is {} after {} ms", run.instance(), describe(end), took.toMillis());
    }

    private void conclude(AssetVersion end, JobRun run) {
        transaction.executeWithoutResult(status -> {
            Rejection rejection = end.rejection();
            if (rejection != null) {
                catalog.end(end.id(), end.version(), end.status(), rejection);
            }
            boolean isRefused = find(run.instance())
                    .filter(found -> found.status() == end.status())
                    .isEmpty();
            if (run.isRepeated() || isRefused) {
                jobs.enqueue(RemoveLeftovers.KIND, run.instance());
            }
        });
    }

    private static String describe(AssetVersion end) {
        Rejection rejection = end.rejection();
        return rejection == null ? end.status().name() : end.status() + " (" + rejection.reason() + ")";
    }

    private Optional<AssetVersion> find(String instance) {
        return VersionId.parse(instance)
                .flatMap(id -> catalog.find(id.asset(), id.version()))
                .map(CatalogEntry::version);
    }

    /// Empty when the asset is deleted: should it be restored, processing begins again.
    private Optional<AssetVersion> findLive(String instance) {
        return VersionId.parse(instance)
                .flatMap(id -> catalog.find(id.asset(), id.version()))
                .filter(entry -> !entry.isDeleted())
                .map(CatalogEntry::version);
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        find(instance).ifPresent(version -> {
            String detail =
                    "Processing was given up after %d attempts; the original is kept and can be processed again."
                            .formatted(end.attempts());
            catalog.end(version.id(), version.version(), Status.FAILED, new Rejection(end.reason(), detail));
            jobs.enqueue(RemoveLeftovers.KIND, instance);
        });
    }
}
