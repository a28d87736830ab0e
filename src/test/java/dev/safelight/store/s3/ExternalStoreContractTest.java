package dev.safelight.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.ObjectStoreContract;
import dev.safelight.testing.ExternalS3;
import dev.safelight.testing.Form;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The contract against a service that the environment names; it creates its buckets.
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
class ExternalStoreContractTest extends ObjectStoreContract {
    private static S3Settings settings;
    private static S3ObjectStore store;

    @BeforeAll
    static void connect() {
        settings = ExternalS3.withBuckets("safelight-test");
        store = new S3ObjectStore(settings, InstantSource.system());
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
