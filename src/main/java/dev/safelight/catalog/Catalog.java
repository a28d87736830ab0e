package dev.safelight.catalog;

import dev.safelight.asset.Account;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.asset.VersionId;
import dev.safelight.job.JobQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// The assets and how their versions move from PENDING to an end. Each change is one transaction, or part
/// of the caller's. A look-up is one statement, which needs no transaction to see one state.
@Component
public class Catalog {
    /// The kind of job that takes a version from PROCESSING to its end; its instance is a [VersionId].
    public static final String PROCESSING_JOB = "process";

    private static final int SAME_AT_MOST = 20;
    private static final int MOST_VERSIONS = 1_000;
    private static final Set<Status> OPEN = Set.of(Status.PENDING, Status.PROCESSING);

    private final AssetRepository assets;
    private final VersionRepository versions;
    private final VariantRepository variants;
    private final AccountRepository accounts;
    private final Moderations moderations;
    private final TaggedVersions tagged;
    private final JobQueue jobs;
    private final InstantSource clock;
    private final Broadcast broadcast;

    Catalog(
            AssetRepository assets,
            VersionRepository versions,
            VariantRepository variants,
            AccountRepository accounts,
            Moderations moderations,
            TaggedVersions tagged,
            JobQueue jobs,
            InstantSource clock,
            Broadcast broadcast) {
        this.assets = assets;
        this.versions = versions;
        this.variants = variants;
        this.accounts = accounts;
        this.moderations = moderations;
        this.tagged = tagged;
        this.jobs = jobs;
        this.clock = clock;
        this.broadcast = broadcast;
    }

    /// Adds a new asset whose first version awaits its bytes.
    @Transactional
    public void add(AssetVersion first, UUID owner, Map<String, String> metadata) {
        add(first, owner, metadata, null);
    }

    /// The same for an end user's asset.
    ///
    /// @param account the application's id of them; null for none
    @Transactional
    public void add(AssetVersion first, UUID owner, Map<String, String> metadata, @Nullable Account account) {
        Instant now = clock.instant();
        Long number = account == null ? null : accounts.idFor(account, now);
        assets.insertAsset(first.id(), first.space(), owner, metadata, number, now);
        assets.insertVersion(first, clock.instant());
    }

    public Optional<CatalogEntry> find(AssetId id, int version) {
        return assets.find(id, version);
    }

    /// Adds a new asset whose first version has the original of another version, which is stored and was
    /// verified, so that processing begins at once.
    ///
    /// @param first PENDING, with the key and entity tag of the shared original
    @Transactional
    public void addShared(AssetVersion first, UUID owner, Map<String, String> metadata) {
        addShared(first, owner, metadata, null);
    }

    /// The same for an end user's asset.
    @Transactional
    public void addShared(AssetVersion first, UUID owner, Map<String, String> metadata, @Nullable Account account) {
        requireKept(first.original());
        add(first, owner, metadata, account);
        receivedShared(first);
    }

    /// Adds the next version of an asset, which awaits its bytes. What is delivered stays until they are READY
    /// and approved.
    ///
    /// Additions to one asset wait for each other until the end of the caller's transaction.
    ///
    /// @throws Failure not found, when there is no such asset (any more)
    @Transactional
    public AssetVersion addVersion(AssetId asset, AssetVersion.Original original) {
        Space space = versions.lockAsset(asset).orElseThrow(Catalog::noAsset);
        if (versions.isDeleted(asset)) {
            throw Deletions.deleted();
        }
        if (versions.count(asset) >= MOST_VERSIONS) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "The asset has %d versions, which is the limit: begin a new asset.".formatted(MOST_VERSIONS));
        }
        int number = versions.nextNumber(asset);
        AssetVersion next = new AssetVersion(asset, number, space, original, Status.PENDING, null, null, List.of());
        assets.insertVersion(next, clock.instant());
        return next;
    }

    /// Adds the next version of an asset with the original of another version, and has it processed.
    ///
    /// @param original with the key and entity tag of the shared one
    /// @throws Failure not found, when there is no such asset (any more)
    @Transactional
    public AssetVersion addSharedVersion(AssetId asset, AssetVersion.Original original) {
        requireKept(original);
        AssetVersion next = addVersion(asset, original);
        receivedShared(next);
        return next;
    }

    private void requireKept(AssetVersion.Original original) {
        if (!versions.keepOriginal(original.key().key())) {
            throw Deletions.originalGone();
        }
    }

    private void receivedShared(AssetVersion version) {
        String etag = version.original().etag();
        if (etag == null) {
            throw new IllegalArgumentException("only an original that was received can be shared");
        }
        received(version.id(), version.version(), etag, version.original().bytes());
    }

    /// READY versions that have the same content, oldest first and at most a few: their original can be shared,
    /// so that nobody has to send it again. Nothing that a moderator rejected is among them.
    ///
    /// Who knows a hash need not have the bytes. So what others uploaded counts only where anybody may have it:
    /// outside the user space, and approved.
    public List<CatalogEntry> findSameContent(SameContent wanted) {
        return assets.findSameContent(wanted, SAME_AT_MOST);
    }

    /// The version that the addresses of an asset lead to; while there is none, the newest that is READY and not
    /// rejected, else the newest.
    public Optional<CatalogEntry> findCurrent(AssetId id) {
        return assets.findCurrent(id);
    }

    /// The picture of an article: the newest of its product assets with this role that may be delivered. An
    /// upload names both in its metadata, as `sku` and `role`.
    public Optional<CatalogEntry> findBySku(String sku, String role) {
        return assets.findBySku(sku, role);
    }

    /// A page of the versions of an asset, newest first.
    ///
    /// @param before the last number of the page before
    public List<CatalogEntry> versions(AssetId id, @Nullable Integer before, int limit) {
        return assets.versions(id, before, limit);
    }

    /// Versions of an asset that are READY and wait for somebody's approval, oldest first.
    public List<Integer> awaitingApproval(AssetId id) {
        return versions.awaitingApproval(id);
    }

    /// The version that brought the original with this key. Others may share the original: they are found by
    /// themselves, and do not make it appear by its key when the first may not be delivered.
    public Optional<CatalogEntry> findByOriginal(String key) {
        return assets.findByOriginal(key);
    }

    /// The version that the variant with this key belongs to.
    public Optional<CatalogEntry> findByVariant(String key) {
        return assets.findByVariant(key);
    }

    /// A stored variant by the key that is its address, if its version is READY and approved; nothing else
    /// may be delivered.
    public Optional<Deliverable> deliverable(String key) {
        return variants.deliverable(key);
    }

    /// A page of assets, newest first.
    ///
    /// @param before the last id of the page before
    public List<CatalogEntry> list(AssetFilter filter, @Nullable AssetId before, int limit) {
        return assets.list(filter, before, limit);
    }

    /// The original is stored and has its promised size: processing may begin. False when that was
    /// known already.
    @Transactional
    public boolean received(AssetId id, int version, String etag, long bytes) {
        // FAILED too: the grant may have been given up just before its bytes arrived.
        boolean moved = assets.move(
                id, version, Set.of(Status.PENDING, Status.FAILED), Status.PROCESSING, null, clock.instant());
        if (moved) {
            assets.setOriginal(id, version, etag, bytes);
            process(new VersionId(id, version));
        }
        return moved;
    }

    /// A worker took up a version that is PROCESSING.
    @Transactional
    public void started(VersionId id) {
        versions.start(id, clock.instant());
    }

    /// All variants are stored: once approved, they are delivered, and the version becomes the current one unless
    /// a newer one is, or it was passed over. Saying it twice changes nothing.
    @Transactional
    public void publish(AssetVersion ready) {
        VersionId id = new VersionId(ready.id(), ready.version());
        if (!assets.move(ready.id(), ready.version(), OPEN, Status.READY, null, clock.instant())) {
            // Whoever says it late may have stored the objects once more, as pending.
            tagged.tagLater(id);
            return;
        }
        assets.setFacts(ready);
        versions.setSha256(id, ready.original().sha256());
        variants.replaceAll(ready, clock.instant());
        versions.promote(id);
        tagged.tagLater(id);
        changed(ready.id());
    }

    /// Some derivatives of a version take the place of others; who calls holds its lock, and has stored the
    /// new ones.
    @Transactional
    public void exchange(AssetVersion version, Exchange exchange) {
        VersionId id = new VersionId(version.id(), version.version());
        tagged.tagNew(version, exchange.made());
        exchange.gone().forEach(key -> variants.delete(id, key));
        variants.insert(id, exchange.variants(), exchange.mezzanines(), clock.instant());
        if (exchange.facts() != null) {
            assets.setFacts(version.withFacts(exchange.facts()));
        }
        changed(version.id());
    }

    /// What changes of a version.
    ///
    /// @param gone the addresses of what is taken away, that which is made again included
    /// @param facts as read together with the new ones, without a focal point set by hand; null to leave them
    public record Exchange(
            Set<BlobKey> gone,
            List<Variant> variants,
            List<Variant> mezzanines,
            @Nullable Facts facts) {
        public Exchange {
            gone = Set.copyOf(gone);
            variants = List.copyOf(variants);
            mezzanines = List.copyOf(mezzanines);
        }

        private List<Variant> made() {
            return Stream.concat(variants.stream(), mezzanines.stream()).toList();
        }
    }

    /// Sets the point that crops of a version keep in view; it outlives all processing.
    ///
    /// @param point null to return to the computed one
    @Transactional
    public void focus(AssetId id, int version, Facts.@Nullable FocalPoint point) {
        if (assets.setFocalPoint(id, version, point)) {
            changed(id);
        }
    }

    /// The content is refused, or processing gave up; nothing of this version is delivered.
    ///
    /// @param status REJECTED or FAILED
    @Transactional
    public void end(AssetId id, int version, Status status, Rejection rejection) {
        if (assets.move(id, version, OPEN, status, rejection, clock.instant())) {
            changed(id);
        }
    }

    /// A version whose grant was given up awaits its bytes again.
    @Transactional
    public boolean awaitAgain(AssetId id, int version) {
        return assets.move(id, version, Set.of(Status.FAILED), Status.PENDING, null, clock.instant());
    }

    /// Does something while nobody can change the version.
    @Transactional
    public <X extends Exception> void whileLocked(AssetId id, int version, LockedWork<X> work) throws X {
        if (assets.lock(id, version)) {
            work.run(assets.find(id, version).orElseThrow().version());
        }
    }

    /// What is done under the lock of a version.
    @FunctionalInterface
    public interface LockedWork<X extends Exception> {
        void run(AssetVersion version) throws X;
    }

    /// A FAILED version is processed again.
    @Transactional
    public boolean reopen(AssetId id, int version) {
        boolean moved = assets.move(id, version, Set.of(Status.FAILED), Status.PROCESSING, null, clock.instant());
        if (moved) {
            process(new VersionId(id, version));
        }
        return moved;
    }

    /// Clears a version for delivery, which makes a newer one the current one, or stops its delivery. No older
    /// one takes the place of a current version that is stopped: somebody has to choose it.
    ///
    /// An approval in the user space takes transactions of its own, so no other may be open.
    ///
    /// @param reason in the words of whoever decided
    /// @throws Failure conflict when something is to be cleared that nobody can have looked at yet; unavailable,
    ///     with nothing changed, when the object store could not be told of an approval
    public boolean moderate(AssetId id, int version, Moderation moderation, @Nullable String reason) {
        return moderations.decide(new VersionId(id, version), moderation, reason);
    }

    /// Makes an older version the current one again, or a newer one that was passed over. All versions that exist
    /// by now are passed over: they do not become current by being processed or approved, later uploads do.
    ///
    /// What was current can still be had by its own addresses, as long as it is READY and approved.
    ///
    /// @throws Failure not found, or conflict when the version may not be delivered
    @Transactional
    public void makeCurrent(VersionId id) {
        if (versions.lockAsset(id.asset()).isEmpty()) {
            throw noAsset();
        }
        CatalogEntry chosen = assets.find(id.asset(), id.version())
                .orElseThrow(() ->
                        new Failure(Failure.Kind.NOT_FOUND, "The asset has no version %d.".formatted(id.version())));
        if (chosen.isDeleted()) {
            throw Deletions.deleted();
        }
        if (!chosen.isDeliverable()) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "Only a version that is READY and approved can become the current one; version %d is %s and %s."
                            .formatted(
                                    id.version(),
                                    chosen.version().status(),
                                    chosen.moderation().text()));
        }
        versions.choose(id);
        changed(id.asset());
    }

    /// Removes a version that never received its bytes, and its asset if it has no other. One that did stays.
    @Transactional
    public void forget(VersionId id) {
        versions.lockAsset(id.asset());
        if (versions.deleteUnreceived(id)) {
            changed(id.asset());
        }
    }

    private static Failure noAsset() {
        return new Failure(Failure.Kind.NOT_FOUND, "There is no asset with this id.");
    }

    private void process(VersionId id) {
        jobs.enqueue(PROCESSING_JOB, id.toString(), assets.flow(id.asset()).orElseThrow());
    }

    private void changed(AssetId id) {
        broadcast.changed(id);
    }
}
