package dev.safelight.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.LeastPrivilegeContract;
import dev.safelight.store.StoreRole;
import dev.safelight.store.StoredPart;
import dev.safelight.store.s3.S3DirectUpload;
import dev.safelight.store.s3.S3MultipartUploads;
import dev.safelight.store.s3.S3ObjectStore;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.testing.ExternalS3;
import dev.safelight.testing.Form;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/// The policies that were applied to a real service, as its other users feel them.
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
class ExternalLeastPrivilegeTest extends LeastPrivilegeContract {
    private static final Map<StoreRole, S3Client> CLIENTS = new EnumMap<>(StoreRole.class);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static ExternalBuckets buckets;

    @BeforeAll
    static void apply() throws Exception {
        buckets = new ExternalBuckets();
        buckets.apply(ExternalBuckets.declared(StorageSettings.Encryption.NONE, null, 30));
        for (StoreRole role : StoreRole.values()) {
            CLIENTS.put(role, ExternalS3.client(ExternalBuckets.identity(role)));
        }
    }

    @AfterAll
    static void remove() {
        CLIENTS.values().forEach(S3Client::close);
        buckets.close();
    }

    @Override
    protected S3Client client(StoreRole role) {
        return requireNonNull(CLIENTS.get(role));
    }

    @Override
    protected String name(Bucket bucket) {
        return buckets.name(bucket);
    }

    @Override
    protected boolean knowsCreation() {
        return false;
    }

    @Override
    protected boolean knowsTags() {
        return true;
    }

    private static S3Settings settings(StoreRole role) {
        return ExternalS3.settings(ExternalBuckets.identity(role), buckets.names);
    }

    private static BlobKey original() {
        return new BlobKey(Bucket.RAW, "raw/2026/11/" + UUID.randomUUID() + "/p.jpg");
    }

    @Test
    void letsDeliveryReadOnlyWhatIsApproved() {
        S3Client delivery = client(StoreRole.DELIVERY);
        S3Client worker = client(StoreRole.WORKER);
        String key = "processed/image/" + UUID.randomUUID();
        worker.putObject(r -> r.bucket(name(Bucket.USER)).key(key), RequestBody.fromString("hello"));

        for (String status : new String[] {null, "pending", "rejected"}) {
            if (status != null) {
                tag(worker, key, status);
            }
            assertThatThrownBy(() -> delivery.getObjectAsBytes(
                            r -> r.bucket(name(Bucket.USER)).key(key)))
                    .as("%s", status)
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
        }
        tag(worker, key, "approved");
        assertThat(delivery.getObjectAsBytes(r -> r.bucket(name(Bucket.USER)).key(key))
                        .asUtf8String())
                .isEqualTo("hello");
    }

    private void tag(S3Client client, String key, String status) {
        client.putObjectTagging(r -> r.bucket(name(Bucket.USER))
                .key(key)
                .tagging(t -> t.tagSet(Tag.builder().key("status").value(status).build())));
    }

    @Test
    void takesFormsPutsAndPartsThatTheUploaderGranted() throws Exception {
        S3DirectUpload grants = new S3DirectUpload(settings(StoreRole.UPLOADER), InstantSource.system());
        Instant soon = Instant.now().plusSeconds(60);
        byte[] bytes = "hello".getBytes(UTF_8);
        BlobKey form = original();
        BlobKey put = original();
        BlobKey parts = original();

        assertThat(Form.of(grants.post(form, "image/jpeg", 5, 5, soon), bytes)
                        .send(HTTP)
                        .statusCode())
                .isEqualTo(201);
        var grant = grants.put(put, "image/jpeg", 5, soon);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(grant.url()).PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
        grant.headers().forEach(request::header);
        assertThat(status(request.build())).isEqualTo(200);
        try (S3MultipartUploads uploads = new S3MultipartUploads(settings(StoreRole.UPLOADER));
                S3ObjectStore worker = new S3ObjectStore(settings(StoreRole.WORKER), InstantSource.system())) {
            String id = uploads.create(parts, "image/jpeg");
            URI part = grants.part(parts, id, 1, 5, 5, soon).url();
            assertThat(status(HttpRequest.newBuilder(part)
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                            .build()))
                    .isEqualTo(200);
            List<StoredPart> arrived = uploads.parts(parts, id).orElseThrow();
            assertThat(uploads.complete(parts, id, arrived)).isTrue();
            for (BlobKey key : List.of(form, put, parts)) {
                assertThat(worker.head(key).orElseThrow().bytes()).isEqualTo(5);
            }
        }
    }

    private static int status(HttpRequest request) throws Exception {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
}
