package dev.safelight.store.s3;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.ObjectStoreContract;
import dev.safelight.testing.Form;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/// The contract against a service that the environment names; it creates its buckets.
@EnabledIfEnvironmentVariable(named = "SAFELIGHT_TEST_S3_ENDPOINT", matches = ".+")
class ExternalStoreContractTest extends ObjectStoreContract {
    private static S3Settings settings;
    private static S3ObjectStore store;

    @BeforeAll
    static void connect() {
        URI endpoint = URI.create(environment("ENDPOINT"));
        settings = new S3Settings(
                endpoint,
                endpoint,
                "us-east-1",
                true,
                environment("ACCESS_KEY"),
                environment("SECRET_KEY"),
                Arrays.stream(Bucket.values())
                        .collect(Collectors.toMap(bucket -> bucket, bucket -> "safelight-test-" + bucket.text())));
        try (S3Client admin = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                .build()) {
            for (Bucket bucket : Bucket.values()) {
                create(admin, settings.name(bucket));
            }
        }
        store = new S3ObjectStore(settings, InstantSource.system());
    }

    private static void create(S3Client admin, String name) {
        try {
            admin.createBucket(b -> b.bucket(name));
        } catch (BucketAlreadyOwnedByYouException e) {
            // An earlier run made it.
        }
    }

    private static String environment(String name) {
        return requireNonNull(System.getenv("SAFELIGHT_TEST_S3_" + name), name);
    }

    @Test
    void takesTheFormsThatWeSignAndNoOthers() throws Exception {
        BlobKey key = new BlobKey(Bucket.RAW, "raw/" + UUID.randomUUID() + "/p.jpg");
        var grant = new S3DirectUpload(settings, InstantSource.system())
                .post(key, "image/jpeg", 5, 5, Instant.now().plusSeconds(60));
        HttpClient http = HttpClient.newHttpClient();

        assertThat(Form.of(grant, new byte[6]).send(http).statusCode()).isEqualTo(400);
        assertThat(Form.of(grant, new byte[4]).send(http).statusCode()).isEqualTo(400);
        Form form = Form.of(grant, new byte[5]);
        assertThat(form.with("key", "raw/other").send(http).statusCode()).isEqualTo(403);
        assertThat(form.with("Content-Type", "text/html").send(http).statusCode())
                .isEqualTo(403);
        assertThat(form.send(http).statusCode()).isEqualTo(201);
        assertThat(store.head(key).orElseThrow().contentType()).isEqualTo("image/jpeg");
    }

    @AfterAll
    static void disconnect() {
        store.close();
    }

    @Override
    protected ObjectStore store() {
        return store;
    }
}
