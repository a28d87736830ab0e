package dev.safelight.store.s3;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.ObjectTags;
import dev.safelight.store.ObjectTagsContract;
import dev.safelight.store.OpenObject;
import dev.safelight.store.StatusTag;
import dev.safelight.testing.ExternalS3;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.services.s3.S3Client;

/// Tags on a service that the environment names, with a bucket policy as an operator would have it: the worker writes
/// and tags in a bucket that it does not own, and delivery reads what is approved.
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
class ExternalTagsTest extends ObjectTagsContract {
    private static final Map<Bucket, String> NAMES = ExternalS3.names("tags-" + UUID.randomUUID());

    private static S3ObjectStore worker;
    private static S3ObjectStore delivery;

    @BeforeAll
    static void connect() {
        String bucket = requireNonNull(NAMES.get(Bucket.USER));
        try (S3Client owner = ExternalS3.client(ExternalS3.owner())) {
            owner.createBucket(b -> b.bucket(bucket));
            owner.putBucketPolicy(b -> b.bucket(bucket).policy(policy(bucket)));
        }
        worker = new S3ObjectStore(ExternalS3.settings(ExternalS3.of("WORKER"), NAMES), InstantSource.system());
        delivery = new S3ObjectStore(ExternalS3.settings(ExternalS3.of("DELIVERY"), NAMES), InstantSource.system());
    }

    private static String policy(String bucket) {
        return """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/%1$s"]},
                   "Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject",
                              "s3:GetObjectTagging", "s3:PutObjectTagging"],
                   "Resource": ["arn:aws:s3:::%3$s", "arn:aws:s3:::%3$s/*"]},
                  {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/%2$s"]},
                   "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::%3$s/*"],
                   "Condition": {"StringEquals": {"s3:ExistingObjectTag/status": "approved"}}}]}
                """.formatted(
                ExternalS3.of("WORKER").user(), ExternalS3.of("DELIVERY").user(), bucket);
    }

    @AfterAll
    static void disconnect() {
        worker.close();
        delivery.close();
    }

    @Override
    protected ObjectStore store() {
        return worker;
    }

    @Override
    protected ObjectTags tags() {
        return worker;
    }

    @Test
    void letsDeliveryReadOnlyWhatIsApproved() throws IOException {
        BlobKey key = new BlobKey(Bucket.USER, "user/" + UUID.randomUUID() + "/a.webp");
        worker.put(
                key,
                new Content.Bytes(new byte[7]),
                new ObjectHeaders("image/webp", null, StatusTag.of(Moderation.PENDING)));

        assertRefused(key);
        worker.setTags(key, StatusTag.of(Moderation.APPROVED));
        try (OpenObject object = delivery.open(key, null, null).orElseThrow()) {
            assertThat(object.stream().readAllBytes()).hasSize(7);
        }
        worker.setTags(key, StatusTag.of(Moderation.REJECTED));
        assertRefused(key);
        worker.setTags(key, Map.of());
        assertRefused(key);
    }

    private static void assertRefused(BlobKey key) {
        assertThatThrownBy(() -> delivery.open(key, null, null))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.FORBIDDEN));
    }

    @Test
    void letsNobodyElseTag() throws IOException {
        BlobKey key = new BlobKey(Bucket.USER, "user/" + UUID.randomUUID() + "/a.webp");
        worker.put(
                key,
                new Content.Bytes(new byte[7]),
                new ObjectHeaders("image/webp", null, StatusTag.of(Moderation.PENDING)));

        assertThatThrownBy(() -> delivery.setTags(key, StatusTag.of(Moderation.APPROVED)))
                .isInstanceOf(Failure.class);
        assertThat(worker.tags(key)).hasValue(StatusTag.of(Moderation.PENDING));
    }
}
