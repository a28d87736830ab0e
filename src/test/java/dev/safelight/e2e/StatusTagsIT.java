package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.s3.S3ObjectStore;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The store of the packaged jar by itself, asked with the key of delivery and past the catalogue.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class StatusTagsIT {
    private final SafelightProcess server;
    private final ApiUser admin;

    StatusTagsIT(SafelightProcess server, ApiUser admin) {
        this.server = server;
        this.admin = admin;
    }

    @Test
    void keepsBackByItselfWhatIsNotApproved() throws Exception {
        byte[] jpeg = Pictures.jpeg(300, 200);
        Grant grant = admin.grant(UploadOrder.jpeg("mine.jpg", jpeg.length).with("space", "user"));
        admin.sendForm(grant, jpeg).expect(201);
        assertThat(admin.awaitEnd(grant).path("status").asString()).isEqualTo("READY");
        List<BlobKey> objects = objects(grant.assetId());
        assertThat(objects).isNotEmpty();

        try (S3ObjectStore delivery = delivery(grant.url())) {
            objects.forEach(object -> assertRefused(delivery, object));

            decide(grant, "approved");
            for (BlobKey object : objects) {
                assertThat(delivery.head(object)).isPresent();
            }
            String url = admin.asset(grant.assetId()).at("/variants/0/url").asString();
            assertThat(url).isNotEmpty();
            admin.anonymous().get(URI.create(url).getRawPath()).expect(200);

            decide(grant, "rejected");
            admin.anonymous().get(URI.create(url).getRawPath()).expect(404);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> objects.forEach(object -> assertRefused(delivery, object)));
        }
    }

    private void decide(Grant grant, String status) {
        admin.post("/v1/assets/" + grant.assetId() + "/moderation", "{\"status\":\"" + status + "\"}")
                .expect(200);
    }

    private static void assertRefused(S3ObjectStore delivery, BlobKey object) {
        assertThatThrownBy(() -> delivery.head(object)).as(object.key()).isInstanceOf(Failure.class);
    }

    private List<BlobKey> objects(String asset) throws IOException {
        Path bucket = server.data().resolve("store/objects/user");
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> bucket.relativize(file).toString())
                    .filter(key -> key.contains(asset))
                    .map(key -> new BlobKey(Bucket.USER, key))
                    .toList();
        }
    }

    private S3ObjectStore delivery(URI grant) throws IOException {
        Properties keys = new Properties();
        try (Reader in = Files.newBufferedReader(server.data().resolve("store/keys.properties"))) {
            keys.load(in);
        }
        URI store = grant.resolve("/");
        return new S3ObjectStore(
                new S3Settings(
                        store,
                        store,
                        "us-east-1",
                        true,
                        keys.getProperty("delivery.access"),
                        keys.getProperty("delivery.secret"),
                        Arrays.stream(Bucket.values()).collect(Collectors.toMap(bucket -> bucket, Bucket::text))),
                InstantSource.system());
    }
}
