package dev.safelight.storage;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.storage.Declaration.Abilities;
import dev.safelight.storage.StorageReport.Finding;
import dev.safelight.storage.StorageReport.OfBucket;
import dev.safelight.storage.StorageReport.State;
import dev.safelight.store.BucketSetting;
import dev.safelight.store.BucketSetting.Aspect;
import dev.safelight.store.BucketSetting.Policy;
import dev.safelight.store.BucketSetup;
import dev.safelight.store.BucketSetup.Found;
import dev.safelight.store.BucketSetup.Presence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Holds a store against the [Declaration], and makes it so.
///
/// A run that ends halfway leaves buckets of which some aspects are set; the next one sets the rest.
public final class StorageSetup {
    private final BucketSetup store;
    private final Declaration declaration;
    private final boolean embedded;

    /// @param embedded whether it is the store in Safelight's own process
    public StorageSetup(BucketSetup store, Declaration declaration, boolean embedded) {
        this.store = store;
        this.declaration = declaration;
        this.embedded = embedded;
    }

    /// What differs, of all buckets.
    public StorageReport inspect(Consumer<String> progress) throws IOException {
        List<OfBucket> reports = new ArrayList<>();
        for (Bucket bucket : Bucket.values()) {
            progress.accept("Looking at " + store.name(bucket));
            reports.add(inspect(bucket));
        }
        return new StorageReport(reports);
    }

    private OfBucket inspect(Bucket bucket) throws IOException {
        Presence presence = store.presence(bucket);
        List<Finding> findings = new ArrayList<>();
        Set<String> classes = declaration.storageClasses(bucket);
        if (presence != Presence.THERE) {
            if (presence == Presence.MISSING && !embedded) {
                // What a store can do is asked of a bucket; until there is one, all is hoped for.
                declaration.of(bucket, new Abilities(true, classes)).stream()
                        .filter(wanted -> !wanted.isEmpty())
                        .map(wanted ->
                                new Finding(wanted.aspect(), State.DRIFT, List.of(), List.copyOf(wanted.lines()), null))
                        .forEach(findings::add);
            }
            return new OfBucket(bucket, store.name(bucket), presence, findings);
        }
        Abilities abilities = abilities(bucket);
        for (BucketSetting wanted : declaration.of(bucket, abilities)) {
            findings.add(compare(bucket, wanted, note(bucket, wanted.aspect(), abilities)));
        }
        return new OfBucket(bucket, store.name(bucket), presence, findings);
    }

    private Abilities abilities(Bucket bucket) throws IOException {
        Set<String> classes = new TreeSet<>();
        if (!embedded) {
            for (String wanted : declaration.storageClasses(bucket)) {
                if (store.hasStorageClass(bucket, wanted)) {
                    classes.add(wanted);
                }
            }
        }
        return new Abilities(!declaration.needsObjectTags(bucket) || store.hasObjectTags(bucket), classes);
    }

    private Finding compare(Bucket bucket, BucketSetting wanted, @Nullable String note) throws IOException {
        return switch (store.read(bucket, wanted.aspect())) {
            case Found.BuiltIn(String how) -> new Finding(wanted.aspect(), State.BUILT_IN, List.of(), List.of(), how);
            case Found.Unsupported(String why) ->
                wanted.isEmpty()
                        ? new Finding(wanted.aspect(), State.OK, List.of(), List.of(), null)
                        : new Finding(
                                wanted.aspect(),
                                State.UNSUPPORTED,
                                List.of(),
                                List.copyOf(wanted.lines()),
                                join(why, instead(wanted.aspect(), bucket)));
            case Found.Set(SortedSet<String> current) -> compare(keepingOthers(wanted, current), current, note);
        };
    }

    private static Finding compare(BucketSetting wanted, SortedSet<String> current, @Nullable String note) {
        if (wanted.isSatisfiedBy(current)) {
            return new Finding(wanted.aspect(), State.OK, List.of(), List.of(), note);
        }
        SortedSet<String> add = new TreeSet<>(wanted.lines());
        add.removeAll(current);
        SortedSet<String> remove = new TreeSet<>(current);
        remove.removeAll(wanted.lines());
        if (wanted.aspect().isShared()) {
            remove.clear();
        }
        return new Finding(wanted.aspect(), State.DRIFT, List.copyOf(remove), List.copyOf(add), note);
    }

    private BucketSetting keepingOthers(BucketSetting wanted, SortedSet<String> current) {
        if (!(wanted instanceof Policy policy)) {
            return wanted;
        }
        List<String> all = new ArrayList<>(policy.statements());
        current.stream()
                .filter(declaration::keeps)
                .filter(one -> !all.contains(one))
                .forEach(all::add);
        return new Policy(all);
    }

    /// What of an aspect is not declared, because this store or this configuration cannot.
    private @Nullable String note(Bucket bucket, Aspect aspect, Abilities abilities) {
        if (aspect == Aspect.LIFECYCLE) {
            Set<String> missing = new TreeSet<>(declaration.storageClasses(bucket));
            missing.removeAll(abilities.storageClasses());
            return missing.isEmpty() || embedded
                    ? null
                    : "the store has no storage class " + String.join(", ", missing)
                            + ": objects stay in the one they are in";
        }
        if (aspect == Aspect.POLICY && !declaration.hasPrincipals() && !embedded) {
            return "safelight.storage.principals names nobody: what the roles may do is not in this policy; see"
                    + " safelight storage policy";
        }
        if (aspect == Aspect.POLICY && !abilities.objectTags()) {
            return "objects have no tags here: that only approved ones are read is up to Safelight alone";
        }
        return null;
    }

    /// What Safelight does where a store does not.
    private String instead(Aspect aspect, Bucket bucket) {
        return switch (aspect) {
            case LIFECYCLE ->
                (bucket == Bucket.RAW
                                ? "workers end unfinished uploads (safelight.upload.abandoned-after)"
                                : declaration.sweepsDerived(embedded)
                                        ? "workers remove expired results below " + BlobKey.RESULTS
                                        : "workers would remove expired results below " + BlobKey.RESULTS
                                                + " with safelight.storage.sweep-derived=true")
                        + "; nobody does the rest";
            case VERSIONING -> "nobody keeps what is replaced or deleted";
            case POLICY -> "whoever has credentials may do what the store lets them";
            case CORS -> "web pages cannot upload unless the store lets all of them";
            case NOTIFICATION -> "a sweep finds new originals (safelight.upload.reconcile-after)";
            case PUBLIC_ACCESS, ENCRYPTION, TAGS -> "nobody does it";
        };
    }

    private static String join(String why, String instead) {
        return why + "; " + instead;
    }

    /// Makes every bucket as declared, and returns how they are then.
    ///
    /// @throws Failure CONFLICT when a bucket is somebody else's; nothing is changed then
    public StorageReport apply(StorageReport plan, Consumer<String> progress) throws IOException {
        requireOurs(plan);
        List<OfBucket> after = new ArrayList<>();
        for (OfBucket planned : plan.buckets()) {
            after.add(planned.differs() ? apply(planned.bucket(), planned.presence(), progress) : planned);
        }
        return new StorageReport(after);
    }

    /// @throws Failure CONFLICT naming the buckets that are somebody else's
    public static void requireOurs(StorageReport report) {
        List<String> refused = report.buckets().stream()
                .filter(bucket -> bucket.presence() == Presence.REFUSED)
                .map(bucket ->
                        ("The bucket %s (%s) belongs to somebody else, or the credentials safelight.s3.keys.admin are wrong or"
                                        + " may not use it.")
                                .formatted(bucket.name(), bucket.bucket().text()))
                .toList();
        if (!refused.isEmpty()) {
            throw new Failure(Failure.Kind.CONFLICT, String.join(" ", refused));
        }
    }

    private OfBucket apply(Bucket bucket, Presence presence, Consumer<String> progress) throws IOException {
        if (presence == Presence.MISSING) {
            progress.accept("Creating " + store.name(bucket));
            store.create(bucket);
        }
        Abilities abilities = abilities(bucket);
        List<Finding> findings = new ArrayList<>();
        for (BucketSetting wanted : declaration.of(bucket, abilities)) {
            String note = note(bucket, wanted.aspect(), abilities);
            Finding before = compare(bucket, wanted, note);
            if (before.state() != State.DRIFT) {
                findings.add(before);
                continue;
            }
            progress.accept("Setting %s of %s".formatted(wanted.aspect().text(), store.name(bucket)));
            findings.add(set(bucket, wanted, before));
        }
        return new OfBucket(bucket, store.name(bucket), Presence.THERE, findings);
    }

    private Finding set(Bucket bucket, BucketSetting wanted, Finding before) throws IOException {
        BucketSetting whole = store.read(bucket, wanted.aspect()) instanceof Found.Set(var current)
                ? keepingOthers(wanted, current)
                : wanted;
        try {
            store.write(bucket, whole);
        } catch (Failure refused) {
            if (refused.kind() != Failure.Kind.INVALID) {
                throw refused;
            }
            return new Finding(wanted.aspect(), State.REFUSED, before.remove(), before.add(), refused.publicMessage());
        }
        Finding after = compare(bucket, wanted, before.note());
        return after.state() == State.DRIFT
                ? new Finding(
                        wanted.aspect(),
                        State.REFUSED,
                        after.remove(),
                        after.add(),
                        "the store said yes and did not keep it")
                : after;
    }

    /// The buckets' names as they are spelled on the command line.
    public static String bucketNames() {
        return String.join(
                ", ", Arrays.stream(Bucket.values()).map(Bucket::text).toList());
    }
}
