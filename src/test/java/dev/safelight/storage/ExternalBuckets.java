package dev.safelight.storage;

import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3BucketSetup;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.testing.ExternalS3;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/// Four buckets of a test's own at the service that the environment names, and what is declared for them.
final class ExternalBuckets implements AutoCloseable {
    static final String ORIGIN = "https://shop.example";

    final Map<Bucket, String> names =
            ExternalS3.names("storage-" + UUID.randomUUID().toString().substring(0, 8));
    final S3Client owner = ExternalS3.client(ExternalS3.owner());
    final S3BucketSetup store = new S3BucketSetup(settings());

    S3Settings settings() {
        return ExternalS3.settings(ExternalS3.owner(), names);
    }

    static ExternalS3.Identity identity(StoreRole role) {
        return role == StoreRole.ADMIN ? ExternalS3.owner() : ExternalS3.of(role.name());
    }

    static Map<StoreRole, String> principals() {
        Map<StoreRole, String> principals = new EnumMap<>(StoreRole.class);
        for (StoreRole role : StoreRole.values()) {
            principals.put(role, "arn:aws:iam:::user/" + identity(role).user());
        }
        return principals;
    }

    static StorageSettings declared(StorageSettings.Encryption encryption, @Nullable String target, int days) {
        return new StorageSettings(
                "test",
                principals(),
                Set.of(),
                true,
                false,
                List.of("30d:STANDARD_IA"),
                Duration.ofDays(days),
                Duration.ofDays(30),
                Duration.ofDays(7),
                Set.of(Bucket.RAW, Bucket.MARKETING),
                encryption,
                null,
                target,
                null);
    }

    StorageSetup setup(StorageSettings settings) {
        return new StorageSetup(store, new Declaration(settings, names, Set.of(ORIGIN), ExternalS3.endpoint()), false);
    }

    StorageReport apply(StorageSettings settings) throws Exception {
        StorageSetup setup = setup(settings);
        return setup.apply(setup.inspect(text -> {}), text -> {});
    }

    String name(Bucket bucket) {
        return Objects.requireNonNull(names.get(bucket));
    }

    @Override
    public void close() {
        for (String name : names.values()) {
            try {
                owner.listMultipartUploads(r -> r.bucket(name))
                        .uploads()
                        .forEach(upload -> owner.abortMultipartUpload(
                                r -> r.bucket(name).key(upload.key()).uploadId(upload.uploadId())));
                var all = owner.listObjectVersions(r -> r.bucket(name));
                all.versions()
                        .forEach(one -> owner.deleteObject(
                                r -> r.bucket(name).key(one.key()).versionId(one.versionId())));
                all.deleteMarkers()
                        .forEach(one -> owner.deleteObject(
                                r -> r.bucket(name).key(one.key()).versionId(one.versionId())));
                owner.deleteBucket(r -> r.bucket(name));
            } catch (NoSuchBucketException absent) {
                // The test did not get that far.
            }
        }
        store.close();
        owner.close();
    }
}
