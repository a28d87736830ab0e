package dev.safelight.catalog;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.asset.VersionId;
import dev.safelight.job.JobQueue;
import dev.safelight.job.OwnInstance;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Keeps the tags of stored objects of the user space in step with what was decided about their versions.
///
/// Tags are written while the version is locked, so that they say what the catalogue says when the lock is free.
/// What could part the two is noted before it happens and in a transaction of its own: a process that dies between
/// the store and its commit leaves a version that is due, and a due version is tagged again.
@Component
public class TaggedVersions {
    /// The kind of job that tags the objects of a version; [#version] reads its instance.
    public static final String JOB = "tag-objects";

    private final AssetRepository assets;
    private final TagRepository due;
    private final StatusTags tags;
    private final JobQueue jobs;

    TaggedVersions(AssetRepository assets, TagRepository due, StatusTags tags, JobQueue jobs) {
        this.assets = assets;
        this.due = due;
        this.tags = tags;
        this.jobs = jobs;
    }

    /// Has a version tagged after the caller's transaction, if it has objects with tags.
    @Transactional
    public void tagLater(VersionId id) {
        if (due.setDue(id)) {
            jobs.enqueue(JOB, OwnInstance.of(id));
        }
    }

    /// The version that a job is about; null when there is no such name.
    public static @Nullable VersionId version(String instance) {
        return VersionId.parse(OwnInstance.subject(instance)).orElse(null);
    }

    /// Tags all objects of a version with what was decided by now, those of a deleted asset as rejected; repeating it
    /// changes nothing.
    ///
    /// @throws IOException when not all of them could be tagged
    @Transactional(rollbackFor = IOException.class)
    public void tag(VersionId id) throws IOException {
        if (!assets.lock(id.asset(), id.version())) {
            return;
        }
        CatalogEntry entry = assets.find(id.asset(), id.version()).orElseThrow();
        if (hasTags(entry.version()) && tags.write(entry.version().derivatives(), shown(entry))) {
            due.setDone(id);
        }
    }

    /// Has a version tagged by the round that looks after those that are due.
    @Transactional
    public void noteDue(VersionId id) {
        due.setDue(id);
    }

    /// What the tags of a version say.
    static Moderation shown(CatalogEntry entry) {
        return entry.isDeleted() ? Moderation.REJECTED : entry.moderation();
    }

    /// Versions that may have to be tagged, a page of them.
    public List<VersionId> due(@Nullable VersionId after, int limit) {
        return due.due(after, limit);
    }

    /// Tags objects that are about to be catalogued, which were stored as pending; who calls holds the lock.
    ///
    /// @throws Failure unavailable when not all of them could be tagged
    void tagNew(AssetVersion version, List<Variant> made) {
        if (!hasTags(version)) {
            return;
        }
        VersionId id = new VersionId(version.id(), version.version());
        Moderation decided = shown(assets.find(version.id(), version.version()).orElseThrow());
        if (decided != Moderation.PENDING && !made.isEmpty()) {
            try {
                tags.write(made, decided);
            } catch (IOException e) {
                throw new Failure(Failure.Kind.UNAVAILABLE, "The new objects of " + id + " could not be tagged.", e);
            }
        }
        tagLater(id);
    }

    static boolean hasTags(AssetVersion version) {
        return version.space() == Space.USER && version.status() == Status.READY;
    }
}
