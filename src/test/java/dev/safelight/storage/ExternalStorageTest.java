package dev.safelight.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.storage.StorageReport.Finding;
import dev.safelight.storage.StorageReport.State;
import dev.safelight.store.BucketSetting.Aspect;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3BucketSetup;
import dev.safelight.testing.ExternalS3;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.Tag;

/// Buckets of a real service: set up from nothing, drifted, mended.
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
class ExternalStorageTest {
    private final ExternalBuckets buckets = new ExternalBuckets();
    private final StorageSettings declared = ExternalBuckets.declared(StorageSettings.Encryption.NONE, null, 30);

    @AfterEach
    void remove() {
        buckets.close();
    }

    private StorageReport inspect(StorageSettings settings) throws Exception {
        return buckets.setup(settings).inspect(text -> {});
    }

    private static Finding finding(StorageReport report, Bucket bucket, Aspect aspect) {
        return report.buckets().get(List.of(Bucket.values()).indexOf(bucket)).findings().stream()
                .filter(one -> one.aspect() == aspect)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void createsEverythingOnceAndFindsAndMendsDrift() throws Exception {
        assertThat(inspect(declared).differs()).as("there is nothing yet").isTrue();
        StorageReport applied = buckets.apply(declared);
        assertThat(applied.differs()).isFalse();
        assertThat(applied.wasRefused()).isFalse();

        List<String> changes = new ArrayList<>();
        StorageSetup again = buckets.setup(declared);
        again.apply(again.inspect(text -> {}), changes::add);
        assertThat(changes).as("the second time there is nothing to do").isEmpty();

        drift();
        StorageReport drifted = inspect(declared);
        Set<Aspect> found = EnumSet.noneOf(Aspect.class);
        drifted.buckets().get(0).findings().stream()
                .filter(one -> one.state() == State.DRIFT)
                .forEach(one -> found.add(one.aspect()));
        assertThat(found)
                .containsExactlyInAnyOrder(
                        Aspect.POLICY, Aspect.CORS, Aspect.LIFECYCLE, Aspect.VERSIONING, Aspect.TAGS);
        assertThat(finding(drifted, Bucket.RAW, Aspect.LIFECYCLE).remove())
                .containsExactly("raw/: expires after 3 days");
        assertThat(drifted.buckets().get(1).differs()).isFalse();

        assertThat(buckets.apply(declared).differs()).isFalse();
        assertThat(inspect(declared).differs()).isFalse();
        assertThat(buckets.owner
                        .getBucketTagging(r -> r.bucket(buckets.name(Bucket.RAW)))
                        .tagSet())
                .as("tags of others stay")
                .contains(Tag.builder().key("cost-center").value("42").build());
    }

    private void drift() {
        String raw = buckets.name(Bucket.RAW);
        S3Client owner = buckets.owner;
        owner.deleteBucketPolicy(r -> r.bucket(raw));
        owner.deleteBucketCors(r -> r.bucket(raw));
        owner.putBucketVersioning(
                r -> r.bucket(raw).versioningConfiguration(v -> v.status(BucketVersioningStatus.SUSPENDED)));
        owner.putBucketTagging(r -> r.bucket(raw)
                .tagging(t -> t.tagSet(
                        Tag.builder().key("environment").value("other").build(),
                        Tag.builder().key("cost-center").value("42").build())));
        List<LifecycleRule> rules = new ArrayList<>(
                owner.getBucketLifecycleConfiguration(r -> r.bucket(raw)).rules());
        rules.add(LifecycleRule.builder()
                .id("by-hand")
                .status(ExpirationStatus.ENABLED)
                .filter(f -> f.prefix("raw/"))
                .expiration(e -> e.days(3))
                .build());
        owner.putBucketLifecycleConfiguration(r -> r.bucket(raw).lifecycleConfiguration(l -> l.rules(rules)));
    }

    @Test
    void namesWhatTheStoreDoesNotHave() throws Exception {
        StorageSettings more =
                ExternalBuckets.declared(StorageSettings.Encryption.SSE_S3, "arn:aws:sns:default::no-such-topic", 30);
        StorageReport report = buckets.apply(more);

        assertThat(finding(report, Bucket.RAW, Aspect.LIFECYCLE).note()).contains("no storage class STANDARD_IA");
        assertThat(finding(report, Bucket.RAW, Aspect.ENCRYPTION).state()).isEqualTo(State.UNSUPPORTED);
        assertThat(finding(report, Bucket.RAW, Aspect.NOTIFICATION).state()).isEqualTo(State.REFUSED);
        assertThat(finding(report, Bucket.RAW, Aspect.VERSIONING).state())
                .as("what comes after it is set all the same")
                .isEqualTo(State.OK);
        assertThat(finding(report, Bucket.RAW, Aspect.TAGS).state()).isEqualTo(State.OK);
    }

    @Test
    void letsTheStoreExpireResultsAndNothingElse() throws Exception {
        Duration day = ExternalS3.lifecycleDay().orElse(null);
        Assumptions.assumeTrue(day != null, "a day of this store lasts a day");
        buckets.apply(ExternalBuckets.declared(StorageSettings.Encryption.NONE, null, 1));
        String bucket = buckets.name(Bucket.PROCESSED);
        for (String key : List.of("derived/a/v1/b.webp", "processed/image/a/v1/small-320w.jpg")) {
            buckets.owner.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString("x"));
        }

        Awaitility.await()
                .atMost(day.multipliedBy(12))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(buckets.owner
                                .listObjectsV2(r -> r.bucket(bucket))
                                .contents())
                        .singleElement()
                        .satisfies(object -> assertThat(object.key()).startsWith("processed/")));
    }

    @Test
    void answersPagesOfTheOriginsAlone() throws Exception {
        buckets.apply(declared);
        assertThat(preflight(ExternalBuckets.ORIGIN)).isEqualTo(200);
        assertThat(preflight("https://evil.example")).isEqualTo(403);
    }

    /// What a browser asks before a PUT that was granted.
    private int preflight(String origin) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(ExternalS3.endpoint() + "/" + buckets.name(Bucket.RAW) + "/raw/2026/11/a/p.jpg"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "PUT")
                .header("Access-Control-Request-Headers", "content-type,if-none-match,x-amz-server-side-encryption")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void saysClearlyWhyItCannot() throws Exception {
        buckets.apply(declared);
        assertThatThrownBy(() -> inspectAs(ExternalBuckets.identity(StoreRole.WORKER)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(buckets.name(Bucket.RAW));
        try (S3BucketSetup stranger =
                new S3BucketSetup(ExternalS3.settings(ExternalBuckets.identity(StoreRole.WORKER), buckets.names))) {
            assertThatThrownBy(() -> stranger.create(Bucket.RAW))
                    .isInstanceOfSatisfying(
                            Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.CONFLICT))
                    .hasMessageContaining("taken by somebody else");
        }
        ExternalS3.Identity owner = ExternalS3.owner();
        assertThatThrownBy(() -> inspectAs(new ExternalS3.Identity("safelight", owner.accessKey(), "wrong-secret")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("safelight.s3.keys.admin");
        assertThatThrownBy(() -> inspectAs(new ExternalS3.Identity("nobody", "NOSUCHKEY", "no-such-secret")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("safelight.s3.keys.admin");
    }

    private void inspectAs(ExternalS3.Identity identity) throws Exception {
        try (S3BucketSetup store = new S3BucketSetup(ExternalS3.settings(identity, buckets.names))) {
            Declaration declaration = new Declaration(declared, buckets.names, Set.of(), ExternalS3.endpoint());
            StorageSetup.requireOurs(new StorageSetup(store, declaration, false).inspect(text -> {}));
        }
    }
}
