package dev.safelight.storage;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.BucketSetting;
import dev.safelight.store.BucketSetting.Cors;
import dev.safelight.store.BucketSetting.Encryption;
import dev.safelight.store.BucketSetting.Lifecycle;
import dev.safelight.store.BucketSetting.Lifecycle.Action;
import dev.safelight.store.BucketSetting.Notification;
import dev.safelight.store.BucketSetting.Policy;
import dev.safelight.store.BucketSetting.PublicAccess;
import dev.safelight.store.BucketSetting.Tags;
import dev.safelight.store.BucketSetting.Versioning;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.PolicyText;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The setup of the four buckets, as it is to be.
///
/// | bucket | read by | written by | web pages | with time | versions |
/// |---|---|---|---|---|---|
/// | raw | worker | uploader | may upload | moves to cheaper classes | kept: a form can be sent twice |
/// | processed | worker, delivery | worker | – | `derived/` expires | – |
/// | user | worker, delivery once approved | worker | – | `derived/` expires | – |
/// | marketing | marketing, delivery, by choice all | marketing | – | `derived/` expires | kept |
///
/// Variants in processed and user can be made again, so that their versions would only cost. Aspects that are not
/// declared for a bucket are not looked at.
public final class Declaration {
    private static final int HOUR = 3600;

    private final StorageSettings settings;
    private final Set<String> origins;
    private final PolicyStatements policies;

    /// @param names the real names of the buckets
    /// @param origins of the web pages that may upload
    /// @param endpoint of the store; where it is encrypted, the store is told to refuse everything else
    public Declaration(StorageSettings settings, Map<Bucket, String> names, Set<String> origins, URI endpoint) {
        this.settings = settings;
        this.origins = Set.copyOf(origins);
        this.policies = new PolicyStatements(settings, names, "https".equals(endpoint.getScheme()));
    }

    /// What a store can do that is not said by any of its settings.
    ///
    /// @param objectTags whether objects can have tags
    /// @param storageClasses those of the wanted ones that it has
    record Abilities(boolean objectTags, Set<String> storageClasses) {}

    /// Everything that is wanted of a bucket, on a store with these abilities.
    List<BucketSetting> of(Bucket bucket, Abilities abilities) {
        List<BucketSetting> wanted = new ArrayList<>();
        wanted.add(new PublicAccess(true, (bucket == Bucket.MARKETING && settings.marketingPublic()) ? true : null));
        wanted.add(new Policy(policies.of(bucket, abilities.objectTags())));
        if (bucket != Bucket.MARKETING) {
            wanted.add(new Cors(bucket == Bucket.RAW ? uploads() : List.of()));
        }
        wanted.add(new Lifecycle(lifecycle(bucket, abilities.storageClasses())));
        wanted.add(new Versioning(settings.versioned().contains(bucket)));
        switch (settings.encryption()) {
            case NONE -> {}
            case SSE_S3 -> wanted.add(new Encryption("AES256", null));
            case SSE_KMS -> wanted.add(new Encryption("aws:kms", settings.kmsKey()));
        }
        if (bucket == Bucket.RAW && settings.notificationTarget() != null) {
            wanted.add(new Notification(settings.notificationTarget(), BlobKey.ORIGINALS));
        }
        wanted.add(new Tags(
                Map.of("environment", settings.environment(), "space", spaceOf(bucket), "managed-by", "safelight")));
        return wanted;
    }

    private static String spaceOf(Bucket bucket) {
        return switch (bucket) {
            case RAW -> "all";
            case PROCESSED -> "product";
            case USER -> "user";
            case MARKETING -> "marketing";
        };
    }

    /// The forms, PUTs and parts of grants, and no more; the entity tags of parts are what a page must read.
    private List<Cors.WebRule> uploads() {
        return origins.isEmpty()
                ? List.of()
                : List.of(new Cors.WebRule(
                        new TreeSet<>(origins),
                        sorted("POST", "PUT"),
                        // Grants name those of encryption, where the store is told to encrypt.
                        sorted(
                                "content-type",
                                "if-none-match",
                                "x-amz-server-side-encryption",
                                "x-amz-server-side-encryption-aws-kms-key-id",
                                "x-amz-server-side-encryption-bucket-key-enabled"),
                        sorted("ETag", "Location"),
                        HOUR));
    }

    private static SortedSet<String> sorted(String... texts) {
        return new TreeSet<>(List.of(texts));
    }

    private List<Lifecycle.Rule> lifecycle(Bucket bucket, Set<String> classes) {
        List<Lifecycle.Rule> rules = new ArrayList<>();
        rules.add(new Lifecycle.Rule(
                "safelight-uploads", "", new Action.AbortUploads(settings.days(settings.abortIncomplete()))));
        if (settings.versioned().contains(bucket)) {
            rules.add(new Lifecycle.Rule(
                    "safelight-versions", "", new Action.ExpireNoncurrent(settings.days(settings.noncurrentExpiry()))));
            rules.add(new Lifecycle.Rule("safelight-markers", "", new Action.RemoveMarkers()));
        }
        if (bucket == Bucket.RAW) {
            settings.moves().forEach((days, to) -> {
                if (classes.contains(to)) {
                    rules.add(new Lifecycle.Rule("safelight-move-" + days, "", new Action.Move(days, to)));
                }
            });
        } else {
            rules.add(new Lifecycle.Rule(
                    "safelight-derived", BlobKey.RESULTS, new Action.Expire(settings.days(settings.derivedExpiry()))));
        }
        return rules;
    }

    /// The storage classes that are wanted in a bucket.
    Set<String> storageClasses(Bucket bucket) {
        return bucket == Bucket.RAW ? new TreeSet<>(settings.moves().values()) : Set.of();
    }

    /// Whether tags of objects matter in a bucket.
    boolean needsObjectTags(Bucket bucket) {
        return bucket == Bucket.USER
                && settings.approvedOnly()
                && !settings.principals().isEmpty();
    }

    /// Whether a statement that a bucket's policy has is to stay although it is not declared here.
    boolean keeps(String statement) {
        String id = PolicyText.id(statement);
        return settings.keepStatements().contains(id)
                || (settings.principals().isEmpty() && !PolicyStatements.isOwn(id));
    }

    boolean hasPrincipals() {
        return !settings.principals().isEmpty();
    }

    boolean sweepsDerived(boolean embedded) {
        return settings.sweeps(embedded);
    }

    /// The policy of a bucket as a document.
    public String policyOf(Bucket bucket) {
        return policies.documentOf(bucket);
    }

    /// The policy of a role as a document, for services that attach such to users.
    public String policyOf(StoreRole role) {
        return policies.documentOf(role);
    }
}
