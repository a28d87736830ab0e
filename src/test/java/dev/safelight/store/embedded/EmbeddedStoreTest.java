package dev.safelight.store.embedded;

import static dev.safelight.store.embedded.StoreFixture.raw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.OpenObject;
import dev.safelight.store.StoreRole;
import dev.safelight.store.StoredObject;
import dev.safelight.store.s3.S3ObjectStore;
import dev.safelight.store.s3.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

class EmbeddedStoreTest {
    private static final ObjectHeaders TEXT = ObjectHeaders.ofType("text/plain");
    private static final Content HELLO = new Content.Bytes("hello".getBytes(UTF_8));

    @TempDir
    Path folder;

    private StoreFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new StoreFixture(folder);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    private static BlobKey in(Bucket bucket) {
        return new BlobKey(bucket, "some/key");
    }

    private static void refused(ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.FORBIDDEN));
    }

    @Test
    void letsTheUploaderCreateButNeverReplace() throws IOException {
        fixture.uploader.put(raw("a"), HELLO, TEXT);

        assertThatThrownBy(() -> fixture.uploader.put(raw("a"), HELLO, TEXT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot put raw:a");
    }

    @Test
    void refusesTheAnonymousAndWrongSecrets() throws Exception {
        fixture.admin.put(in(Bucket.MARKETING), HELLO, TEXT);
        for (String path : List.of("/", "/marketing", "/marketing/some/key", "/healthz", "/staging")) {
            HttpRequest request =
                    HttpRequest.newBuilder(fixture.store.url().resolve(path)).build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(403);
        }
        S3Settings good = fixture.store.settings(StoreRole.ADMIN);
        try (S3Client guess = client(good.endpoint(), good.accessKey(), "guessed")) {
            assertThatThrownBy(() -> guess.headObject(b -> b.bucket("marketing").key("some/key")))
                    .isInstanceOf(S3Exception.class);
        }
    }

    @Test
    void allowsNobodyToTouchBuckets() {
        S3Settings settings = fixture.store.settings(StoreRole.ADMIN);
        try (S3Client admin = client(settings.endpoint(), settings.accessKey(), settings.secretKey())) {
            for (ThrowingCallable action : List.<ThrowingCallable>of(
                    () -> admin.createBucket(b -> b.bucket("another")),
                    () -> admin.deleteBucket(b -> b.bucket("user")),
                    admin::listBuckets,
                    () -> admin.putBucketAcl(b -> b.bucket("user").acl("public-read")),
                    () -> admin.listObjectsV2(b -> b.bucket("staging")),
                    () -> admin.listObjectsV2(b -> b.bucket("multipart-raw")))) {
                assertThatThrownBy(action)
                        .isInstanceOfSatisfying(
                                S3Exception.class,
                                e -> assertThat(e.statusCode()).isEqualTo(403));
            }
        }
    }

    @Test
    void hasARuleForEveryOperationOfS3Proxy() {
        assertThat(RefusingBlobStore.unguarded()).isEmpty();
    }

    private static S3Client client(URI endpoint, String access, String secret) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(access, secret)))
                .build();
    }

    @Test
    void takesAMultipartUploadThatGoesOnAfterARestart() throws IOException {
        byte[] first = new byte[5 << 20];
        S3Settings settings = fixture.store.settings(StoreRole.UPLOADER);
        String id;
        String etag;
        try (S3Client s3 = client(settings.endpoint(), settings.accessKey(), settings.secretKey())) {
            id = s3.createMultipartUpload(
                            b -> b.bucket("raw").key("big/video.mp4").contentType("video/mp4"))
                    .uploadId();
            etag = s3.uploadPart(
                            b -> b.bucket("raw")
                                    .key("big/video.mp4")
                                    .uploadId(id)
                                    .partNumber(1),
                            RequestBody.fromBytes(first))
                    .eTag();
        }
        fixture.close();
        fixture = new StoreFixture(folder);
        settings = fixture.store.settings(StoreRole.UPLOADER);
        try (S3Client s3 = client(settings.endpoint(), settings.accessKey(), settings.secretKey())) {
            assertThat(s3.listParts(b -> b.bucket("raw").key("big/video.mp4").uploadId(id))
                            .parts())
                    .hasSize(1);
            String last = s3.uploadPart(
                            b -> b.bucket("raw")
                                    .key("big/video.mp4")
                                    .uploadId(id)
                                    .partNumber(2),
                            RequestBody.fromString("the end"))
                    .eTag();
            assertThat(list(Bucket.RAW)).isEmpty();
            s3.completeMultipartUpload(b -> b.bucket("raw")
                    .key("big/video.mp4")
                    .uploadId(id)
                    .multipartUpload(m -> m.parts(
                            CompletedPart.builder().partNumber(1).eTag(etag).build(),
                            CompletedPart.builder().partNumber(2).eTag(last).build())));
            assertThatThrownBy(
                            () -> s3.createMultipartUpload(b -> b.bucket("raw").key("big/video.mp4")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
        }
        StoredObject stored = fixture.worker.head(raw("big/video.mp4")).orElseThrow();
        assertThat(stored.bytes()).isEqualTo(first.length + 7);
        assertThat(stored.contentType()).isEqualTo("video/mp4");
        assertThat(stored.etag()).endsWith("-2");
        assertThat(fixture.files()).containsExactly("raw/big/video.mp4");
        assertThat(fixture.events)
                .singleElement()
                .satisfies(event -> assertThat(event.how()).isEqualTo("CompleteMultipartUpload"));
    }

    @Test
    void copiesWithinItsRights() throws IOException {
        fixture.admin.put(raw("original"), HELLO, new ObjectHeaders("text/css", "no-cache"));
        S3Settings settings = fixture.store.settings(StoreRole.WORKER);
        try (S3Client worker = client(settings.endpoint(), settings.accessKey(), settings.secretKey())) {
            worker.copyObject(b -> b.sourceBucket("raw")
                    .sourceKey("original")
                    .destinationBucket("processed")
                    .destinationKey("copy"));
            assertThatThrownBy(() -> worker.copyObject(b -> b.sourceBucket("processed")
                            .sourceKey("copy")
                            .destinationBucket("raw")
                            .destinationKey("copy")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
        }
        BlobKey copy = new BlobKey(Bucket.PROCESSED, "copy");
        assertThat(fixture.delivery.head(copy).orElseThrow().contentType()).isEqualTo("text/css");
    }

    private List<String> list(Bucket bucket) throws IOException {
        List<String> keys = new ArrayList<>();
        fixture.worker.list(
                bucket, "", page -> page.forEach(o -> keys.add(o.key().key())));
        return keys;
    }

    @Test
    void sweepsWhatACrashLeftAndKeepsWhatOnlyLooksLikeIt() throws IOException {
        String lookalike = "photo-" + UUID.randomUUID();
        fixture.admin.put(raw(lookalike), HELLO, TEXT);
        fixture.close();
        Path objects = folder.resolve("objects");
        Files.writeString(objects.resolve("staging/" + UUID.randomUUID()), "half");
        Path draft = Files.createDirectories(objects.resolve("staging/" + UUID.randomUUID()));
        Files.writeString(draft.resolve("about.json"), "half begun");
        Files.createDirectories(objects.resolve("parts/" + UUID.randomUUID()));
        Path former = Files.createDirectories(objects.resolve("multipart-raw/.mpus-" + UUID.randomUUID() + "-big"));
        Files.writeString(former.resolve("video.mp4-1"), "a part as it was kept before");

        fixture = new StoreFixture(folder);

        assertThat(fixture.files()).containsExactly("raw/" + lookalike);
        assertThat(list(Bucket.RAW)).containsExactly(lookalike);
    }

    @Test
    void keepsObjectsAndKeysOverARestart() throws IOException {
        fixture.admin.put(raw("a"), HELLO, TEXT);
        S3Settings before = fixture.store.settings(StoreRole.ADMIN);
        fixture.close();

        fixture = new StoreFixture(folder);

        assertThat(fixture.store.settings(StoreRole.ADMIN).secretKey()).isEqualTo(before.secretKey());
        assertThat(before.toString()).doesNotContain(before.secretKey());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys.properties"))))
                .isEqualTo("rw-------");
        try (OpenObject object = fixture.worker.open(raw("a"), null, null).orElseThrow()) {
            assertThat(object.stored().contentType()).isEqualTo("text/plain");
        }
    }

    @Test
    void storesAlthoughTheListenerFails(@TempDir Path other) throws IOException {
        try (EmbeddedStore store = EmbeddedStore.start(
                        EmbeddedStoreSettings.in(other),
                        event -> {
                            throw new IllegalStateException("the inbox is closed");
                        },
                        InstantSource.system());
                var worker = new S3ObjectStore(store.settings(StoreRole.WORKER), InstantSource.system())) {
            worker.put(in(Bucket.USER), HELLO, TEXT);
            assertThat(worker.head(in(Bucket.USER))).isPresent();
        }
    }

    @Test
    void numbersEventsInTheirOrder() throws IOException {
        for (int i = 0; i < 20; i++) {
            fixture.worker.put(in(Bucket.USER), HELLO, TEXT);
        }
        assertThat(fixture.events)
                .extracting(ObjectCreated::sequencer)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(fixture.events.getFirst().etag())
                .isEqualTo(fixture.worker.head(in(Bucket.USER)).orElseThrow().etag());
    }

    @Test
    void refusesKeysThatTheFileSystemCannotHold() throws IOException {
        fixture.worker.put(new BlobKey(Bucket.USER, "folder/object"), HELLO, TEXT);

        for (String key : List.of("folder", "folder/object/below", "x".repeat(201))) {
            assertThatThrownBy(() -> fixture.worker.put(new BlobKey(Bucket.USER, key), HELLO, TEXT))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("Status Code: 500");
        }
        assertThat(fixture.files()).containsExactly("user/folder/object");
    }

    @Test
    void refusesMoreHeadersThanTheFileSystemKeeps() {
        assertThatThrownBy(() ->
                        fixture.worker.put(in(Bucket.USER), HELLO, new ObjectHeaders("text/plain", "x".repeat(3000))))
                .hasMessageContaining("headers");
    }

    @Test
    void keepsTheNamesOfUploadsInProgressToItself() throws IOException {
        for (String key : List.of(".mpus-x", ".mpus-a/b", ".s3proxy-x", ".s3proxy-mpu-stub-x")) {
            assertThatThrownBy(() -> fixture.uploader.put(raw(key), HELLO, TEXT))
                    .hasMessageContaining("400");
            refused(() -> fixture.uploader.open(raw(key.replace("stub-x", "x")), null, null));
        }
        assertThat(fixture.files()).isEmpty();
        fixture.admin.put(raw("a/.mpus-b"), HELLO, TEXT);
        assertThat(fixture.worker.head(raw("a/.mpus-b"))).isPresent();
    }

    @Test
    void refusesAnUploadInPartsWithMoreHeadersThanTheFileSystemKeeps() {
        S3Settings settings = fixture.store.settings(StoreRole.UPLOADER);
        try (S3Client s3 = client(settings.endpoint(), settings.accessKey(), settings.secretKey())) {
            assertThatThrownBy(() -> s3.createMultipartUpload(
                            b -> b.bucket("raw").key("a").cacheControl("x".repeat(3000))))
                    .hasMessageContaining("headers");
        }
        assertThat(fixture.files()).isEmpty();
    }
}
