package dev.safelight.storage;

import dev.safelight.asset.Bucket;
import dev.safelight.store.Rights;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.PolicyText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes [Rights] as policies of S3: of a bucket for all roles, and of a role for all buckets.
///
/// Whatever a role has no right to is denied by name. Where the writer owns the object, as with Ceph, it could
/// else read what it wrote and change its access list; and Ceph passes over `NotAction`.
final class PolicyStatements {
    private static final List<String> OF_CREATE =
            List.of("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts");
    private static final List<String> OF_WRITE =
            List.of("s3:PutObjectTagging", "s3:GetObjectTagging", "s3:DeleteObjectTagging");
    private static final List<String> OF_READ = List.of("s3:GetObject");
    private static final List<String> OF_LIST = List.of("s3:ListBucket", "s3:ListBucketMultipartUploads");
    private static final List<String> OF_DELETE = List.of("s3:DeleteObject");

    /// What no role but the administrator's does.
    private static final List<String> OF_NOBODY = List.of(
            "s3:GetObjectVersion",
            "s3:DeleteObjectVersion",
            "s3:GetObjectAcl",
            "s3:PutObjectAcl",
            "s3:GetObjectVersionAcl",
            "s3:PutObjectVersionAcl",
            "s3:GetObjectVersionTagging",
            "s3:PutObjectVersionTagging",
            "s3:ListBucketVersions",
            "s3:DeleteBucket",
            "s3:GetBucketAcl",
            "s3:PutBucketAcl",
            "s3:GetBucketPolicy",
            "s3:PutBucketPolicy",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketCORS",
            "s3:PutBucketVersioning",
            "s3:PutLifecycleConfiguration",
            "s3:PutBucketNotification",
            "s3:PutBucketTagging");

    private static final String TAG = "s3:ExistingObjectTag/status";

    private final StorageSettings settings;
    private final Map<Bucket, String> names;
    private final boolean httpsOnly;

    /// @param httpsOnly whether requests that are not encrypted on their way are refused
    PolicyStatements(StorageSettings settings, Map<Bucket, String> names, boolean httpsOnly) {
        this.settings = settings;
        this.names = names;
        this.httpsOnly = httpsOnly;
    }

    /// Whether a statement is called like one that is written here.
    static boolean isOwn(String id) {
        return Set.of("AdminAll", "EverybodyReads", "HttpsOnly").contains(id)
                || StorageSettings.NAMED.stream()
                        .map(PolicyStatements::name)
                        .anyMatch(role -> Set.of(role + "May", role + "MustNot", role + "ReadsApprovedOnly")
                                .contains(id));
    }

    private static String name(StoreRole role) {
        return role.name().charAt(0) + role.text().substring(1);
    }

    /// @param tagged whether the store knows tags of objects
    List<String> of(Bucket bucket, boolean tagged) {
        List<String> statements = new ArrayList<>();
        if (!settings.principals().isEmpty()) {
            StorageSettings.NAMED.forEach(role -> addRole(statements, role, bucket, tagged));
            String admin = settings.principals().get(StoreRole.ADMIN);
            if (admin != null) {
                statements.add(statement("AdminAll", "Allow", admin, List.of("s3:*"), both(bucket), Map.of()));
            }
        }
        if (bucket == Bucket.MARKETING && settings.marketingPublic()) {
            statements.add(statement("EverybodyReads", "Allow", "*", OF_READ, List.of(objects(bucket)), Map.of()));
        }
        if (httpsOnly) {
            statements.add(statement(
                    "HttpsOnly",
                    "Deny",
                    "*",
                    List.of("s3:*"),
                    both(bucket),
                    Map.of("Bool", Map.of("aws:SecureTransport", "false"))));
        }
        return statements;
    }

    private void addRole(List<String> statements, StoreRole role, Bucket bucket, boolean tagged) {
        String who = settings.principals().get(role);
        String name = name(role);
        Set<String> allowed = actions(Rights.of(role, bucket));
        boolean approved = isApprovedOnly(role, bucket, tagged);
        if (!allowed.isEmpty()) {
            statements.add(statement(
                    name + "May",
                    "Allow",
                    who,
                    allowed,
                    both(bucket),
                    approved ? Map.of("StringEquals", Map.of(TAG, "approved")) : Map.of()));
        }
        if (approved) {
            statements.add(statement(
                    name + "ReadsApprovedOnly",
                    "Deny",
                    who,
                    OF_READ,
                    both(bucket),
                    Map.of("StringNotEquals", Map.of(TAG, "approved"))));
        }
        Set<String> denied = new LinkedHashSet<>(all());
        denied.removeAll(allowed);
        statements.add(statement(name + "MustNot", "Deny", who, denied, both(bucket), Map.of()));
    }

    private boolean isApprovedOnly(StoreRole role, Bucket bucket, boolean tagged) {
        return role == StoreRole.DELIVERY && bucket == Bucket.USER && settings.approvedOnly() && tagged;
    }

    private static Set<String> all() {
        Set<String> all = new LinkedHashSet<>(OF_NOBODY);
        all.addAll(actions(Set.of(Rights.values())));
        return all;
    }

    private static Set<String> actions(Set<Rights> rights) {
        Set<String> actions = new LinkedHashSet<>();
        for (Rights right : rights) {
            actions.addAll(
                    switch (right) {
                        case CREATE -> OF_CREATE;
                        case WRITE -> OF_WRITE;
                        case READ, READ_APPROVED -> OF_READ;
                        case LIST -> OF_LIST;
                        case DELETE -> OF_DELETE;
                    });
        }
        return actions;
    }

    /// What is attached to the user or role that an identity is, where a service has such documents.
    String documentOf(StoreRole role) {
        List<String> statements = new ArrayList<>();
        for (Bucket bucket : Bucket.values()) {
            Collection<String> actions = role == StoreRole.ADMIN ? List.of("s3:*") : actions(Rights.of(role, bucket));
            if (!actions.isEmpty()) {
                boolean approved = isApprovedOnly(role, bucket, true);
                statements.add(statement(
                        "In" + bucket.name().charAt(0) + bucket.text().substring(1),
                        "Allow",
                        null,
                        actions,
                        both(bucket),
                        approved ? Map.of("StringEquals", Map.of(TAG, "approved")) : Map.of()));
            }
        }
        if (settings.encryption() == StorageSettings.Encryption.SSE_KMS && settings.kmsKey() != null) {
            statements.add(statement(
                    "WithTheKey",
                    "Allow",
                    null,
                    List.of("kms:Decrypt", "kms:GenerateDataKey"),
                    List.of(settings.kmsKey()),
                    Map.of()));
        }
        return PolicyText.document(statements);
    }

    String documentOf(Bucket bucket) {
        return PolicyText.document(of(bucket, true));
    }

    private List<String> both(Bucket bucket) {
        return List.of("arn:aws:s3:::" + names.get(bucket), objects(bucket));
    }

    private String objects(Bucket bucket) {
        return "arn:aws:s3:::" + names.get(bucket) + "/*";
    }

    private static String statement(
            String id,
            String effect,
            @Nullable String principal,
            Collection<String> actions,
            Collection<String> resources,
            Map<String, ?> condition) {
        Map<String, Object> statement = new TreeMap<>();
        statement.put("Sid", id);
        statement.put("Effect", effect);
        if (principal != null) {
            statement.put("Principal", Map.of("AWS", principal));
        }
        statement.put("Action", List.copyOf(actions));
        statement.put("Resource", List.copyOf(resources));
        if (!condition.isEmpty()) {
            statement.put("Condition", new LinkedHashMap<>(condition));
        }
        return PolicyText.statement(statement);
    }
}
