package dev.safelight.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.ByteRange;
import dev.safelight.store.Content;
import dev.safelight.store.DirectUpload;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.StoredPart;
import dev.safelight.testing.ExternalS3;
import dev.safelight.testing.Form;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/// What a service that the environment names says of objects that it was told to encrypt.
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
class ExternalEncryptionTest {
    private static final byte[] KEY = new byte[32];

    static {
        new Random(1).nextBytes(KEY);
    }

    private static S3Settings kms;
    private static S3Settings customer;
    private static S3Client plain;

    @BeforeAll
    static void connect() {
        S3Settings settings = ExternalS3.withBuckets("encryption-test");
        kms = settings.with(new S3Encryption(new S3Encryption.Method.Kms("testkey", false), Set.of(Bucket.values())));
        customer = settings.with(new S3Encryption(new S3Encryption.Method.CustomerKey(KEY), Set.of(Bucket.PROCESSED)));
        plain = ExternalS3.client(ExternalS3.owner());
    }

    @AfterAll
    static void disconnect() {
        plain.close();
    }

    private static BlobKey raw() {
        return new BlobKey(Bucket.RAW, "raw/" + UUID.randomUUID() + "/p.jpg");
    }

    private static void requireKms(BlobKey key) {
        HeadObjectResponse head =
                plain.headObject(r -> r.bucket(kms.name(key.bucket())).key(key.key()));
        assertThat(head.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(head.ssekmsKeyId()).isEqualTo("testkey");
    }

    private static HttpResponse<String> send(java.net.URI url, Map<String, String> headers, byte[] body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).PUT(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void whatWePutAndWhatClientsSendByFormOrPutHasTheKeyOfTheKeyService() throws Exception {
        DirectUpload grants = new S3DirectUpload(kms, InstantSource.system());
        Instant soon = Instant.now().plusSeconds(60);
        BlobKey put = raw();
        try (S3ObjectStore store = new S3ObjectStore(kms, InstantSource.system());
                HttpClient http = HttpClient.newHttpClient()) {
            store.put(put, new Content.Bytes(new byte[100_000]), ObjectHeaders.ofType("image/jpeg"));
            requireKms(put);

            BlobKey form = raw();
            Form.of(grants.post(form, "image/jpeg", 5, 5, soon), new byte[5]).send(http);
            requireKms(form);

            BlobKey sent = raw();
            var grant = grants.put(sent, "image/jpeg", 5, soon);
            assertThat(send(grant.url(), Map.of("Content-Type", "image/jpeg", "If-None-Match", "*"), new byte[5])
                            .statusCode())
                    .as("without the headers of the grant")
                    .isEqualTo(403);
            assertThat(send(grant.url(), grant.headers(), new byte[5]).statusCode())
                    .isEqualTo(200);
            requireKms(sent);
        }
    }

    @Test
    void uploadsInPartsHaveItToo() throws Exception {
        BlobKey key = raw();
        byte[] part = new byte[100];
        try (S3MultipartUploads uploads = new S3MultipartUploads(kms)) {
            String id = uploads.create(key, "image/jpeg");
            var grant = new S3DirectUpload(kms, InstantSource.system())
                    .part(key, id, 1, part.length, part.length, Instant.now().plusSeconds(60));
            assertThat(send(grant.url(), Map.of(), part).statusCode()).isEqualTo(200);
            List<StoredPart> parts = uploads.parts(key, id).orElseThrow();
            assertThat(uploads.complete(key, id, parts)).isTrue();
            requireKms(key);
        }
    }

    @Test
    void aKeyOfOursIsNeededForEachRequest() throws Exception {
        BlobKey key = new BlobKey(Bucket.PROCESSED, "variants/" + UUID.randomUUID());
        byte[] bytes = new byte[100_000];
        new Random(2).nextBytes(bytes);
        try (S3ObjectStore store = new S3ObjectStore(customer, InstantSource.system())) {
            store.put(key, new Content.Bytes(bytes), ObjectHeaders.ofType("image/webp"));
            assertThat(store.head(key).orElseThrow().bytes()).isEqualTo(bytes.length);
            try (var open = store.open(key, new ByteRange(10, 19), null).orElseThrow()) {
                assertThat(open.stream().readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 10, 20));
            }
        }
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> plain.getObjectAsBytes(
                        r -> r.bucket(customer.name(key.bucket())).key(key.key())))
                .satisfies(refused -> assertThat(refused.statusCode()).isIn(400, 403));
    }
}
