package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.TaggedVersions;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.Rendering;
import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.job.OwnInstance;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// The job that brings a READY version to the profile of now; until all of it can change at once, it is
/// served as it was.
///
/// The new objects are stored beside the old ones, without any lock, as that may take long and a moderator must
/// not wait. Until they are catalogued they look like leftovers, and the job that removes those may take them
/// away. So the catalogue is changed under the lock that it takes too, and only if everything is still there:
/// then it cannot run in between, and finds the objects catalogued afterwards. Otherwise this job runs again.
@Component
@OnRole(ServerRole.WORKER)
final class ReprocessVersion implements JobHandler {
    static final String KIND = "reprocess";

    /// Long enough for every answer that has read the catalogue before the change to have opened its object.
    private static final Duration STILL_READ = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ReprocessVersion.class);

    private final Catalog catalog;
    private final ImageSettings settings;
    private final FetchOriginal fetchOriginal;
    private final ImageEngine engine;
    private final StoreVariants storage;
    private final ObjectStore store;
    private final WorkFolder work;
    private final JobQueue jobs;

    ReprocessVersion(
            Catalog catalog,
            ImageSettings settings,
            FetchOriginal fetchOriginal,
            ImageEngine engine,
            StoreVariants storage,
            @Qualifier("worker") ObjectStore store,
            WorkFolder work,
            JobQueue jobs) {
        this.catalog = catalog;
        this.settings = settings;
        this.fetchOriginal = fetchOriginal;
        this.engine = engine;
        this.storage = storage;
        this.store = store;
        this.work = work;
        this.jobs = jobs;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) throws IOException, InterruptedException {
        Optional<AssetVersion> version = find(run.instance()).filter(found -> found.status() == Status.READY);
        Rebuild rebuild = version.map(found -> Rebuild.of(found, settings)).orElse(null);
        if (version.isEmpty() || rebuild == null || rebuild.isEmpty()) {
            if (run.isRepeated()) {
                // An attempt that was overtaken may have stored, as new, what was catalogued meanwhile.
                jobs.enqueue(TaggedVersions.JOB, OwnInstance.of(run.instance()));
                removeLeftovers(run.instance());
            } else {
                run.foundNothingToDo();
            }
            return;
        }
        AssetVersion made = make(version.get(), rebuild);
        exchange(version.get(), rebuild, made);
        LOG.info(
                "{} has {} variants made again or added, {} removed, {} kept, {} of them unlisted",
                run.instance(),
                rebuild.make().size(),
                rebuild.remove().size(),
                rebuild.keep().size() + rebuild.unlisted().size(),
                rebuild.unlisted().size());
    }

    /// Stores what is missing.
    ///
    /// @return the version with the new derivatives alone, and facts only if they were read anew
    private AssetVersion make(AssetVersion version, Rebuild rebuild) throws IOException, InterruptedException {
        AssetVersion none = version.withVariants(List.of()).withMezzanines(List.of());
        if (rebuild.make().isEmpty()) {
            return none;
        }
        Rendering rendering;
        try (Workspace workspace = work.open()) {
            AssetVersion fetched = fetchOriginal.apply(version, workspace);
            refuse(fetched.rejection());
            rendering = engine.render(workspace.original(), version.original().declaredType(), rebuild.specs());
        } catch (ImageRejected refused) {
            throw failure(refused.rejection());
        }
        return storage.again(none.withFacts(RenderVariants.facts(rendering)), rendering.variants());
    }

    private static void refuse(@Nullable Rejection rejection) {
        if (rejection != null) {
            throw failure(rejection);
        }
    }

    // What was READY stays so: its variants are good, whatever the limits or the original are like by now.
    private static Failure failure(Rejection rejection) {
        return new Failure(
                Failure.Kind.CONFLICT,
                rejection.reason(),
                "The original cannot be processed again: " + rejection.detail());
    }

    private void exchange(AssetVersion planned, Rebuild rebuild, AssetVersion made) throws IOException {
        catalog.<IOException>whileLocked(planned.id(), planned.version(), current -> {
            if (current.status() == Status.READY) {
                requireSame(planned, current);
                requireStored(made);
                Facts facts = rebuild.make().isEmpty() ? null : made.facts();
                Set<BlobKey> gone = new HashSet<>(rebuild.gone());
                made.derivatives().forEach(one -> gone.add(one.key()));
                catalog.exchange(current, new Catalog.Exchange(gone, made.variants(), made.mezzanines(), facts));
            }
            removeLeftovers(id(current).toString());
        });
    }

    private static void requireSame(AssetVersion planned, AssetVersion current) throws IOException {
        if (!planned.derivatives().equals(current.derivatives())) {
            throw new IOException("the variants of " + id(planned) + " changed meanwhile");
        }
    }

    private void requireStored(AssetVersion made) throws IOException {
        for (Variant variant : made.derivatives()) {
            if (store.head(variant.object()).isEmpty()) {
                throw new IOException(variant.object() + " was removed as a leftover before it was catalogued");
            }
        }
    }

    private void removeLeftovers(String instance) {
        jobs.enqueueAfter(STILL_READ, RemoveLeftovers.KIND, OwnInstance.of(instance));
    }

    private static VersionId id(AssetVersion version) {
        return new VersionId(version.id(), version.version());
    }

    private Optional<AssetVersion> find(String instance) {
        return VersionId.parse(instance)
                .flatMap(id -> catalog.find(id.asset(), id.version()))
                .filter(entry -> !entry.isDeleted())
                .map(CatalogEntry::version);
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("{} could not be processed again ({}); it is served as it was", instance, end.reason());
        removeLeftovers(instance);
    }
}
