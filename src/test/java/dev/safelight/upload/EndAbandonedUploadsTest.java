package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.MultipartUploads;
import dev.safelight.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Uploads in parts that the store has and the ledger does not go on with.
class EndAbandonedUploadsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final TestServer server = TestServer.shared();
    private final UploadRepository ledger = server.bean(UploadRepository.class);
    private final MultipartUploads uploader = server.bean("uploaderParts", MultipartUploads.class);

    private void sweepAfter(Duration later) throws IOException {
        sweepAfter(later, uploader);
    }

    private void sweepAfter(Duration later, MultipartUploads ending) throws IOException {
        new EndAbandonedUploads(
                        server.bean("workerParts", MultipartUploads.class),
                        ending,
                        ledger,
                        server.bean(UploadSettings.class),
                        InstantSource.offset(InstantSource.system(), later))
                .run();
    }

    private Upload granted() throws IOException, InterruptedException {
        JsonNode answer = TestServer.json(server.post(
                "/v1/uploads",
                "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":6000000,\"method\":\"multipart\"}"));
        return ledger.find(UUID.fromString(answer.path("uploadId").asString())).orElseThrow();
    }

    private static String storeId(Upload upload) {
        return Objects.requireNonNull(((Upload.Transfer.Parts) upload.transfer()).storeId());
    }

    @Test
    void endsWhatNobodyNoted() throws Exception {
        BlobKey key = new BlobKey(Bucket.RAW, "raw/2026/01/" + UUID.randomUUID() + "/a.jpg");
        String lost = uploader.create(key, "image/jpeg");
        Map<BlobKey, String> foreign = new HashMap<>();
        for (String name : List.of("other/", "raw/backup/", "raw/2026/01/")) {
            BlobKey elsewhere = new BlobKey(Bucket.RAW, name + UUID.randomUUID());
            foreign.put(elsewhere, uploader.create(elsewhere, "image/jpeg"));
        }

        sweepAfter(DAY.multipliedBy(6));
        assertThat(uploader.parts(key, lost))
                .as("another installation may know it")
                .isPresent();
        sweepAfter(DAY.multipliedBy(8));

        assertThat(uploader.parts(key, lost)).isEmpty();
        for (var entry : foreign.entrySet()) {
            assertThat(uploader.parts(entry.getKey(), entry.getValue()))
                    .as("no key of ours: %s", entry.getKey())
                    .isPresent();
            uploader.abort(entry.getKey(), entry.getValue());
        }
    }

    @Test
    void endsSoonWhatWasBegunAndNotNotedForAnUploadThatIsKnown() throws Exception {
        Upload upload = granted();
        String twice = uploader.create(upload.key(), "image/jpeg");

        sweepAfter(HOUR.dividedBy(2));
        assertThat(uploader.parts(upload.key(), twice))
                .as("it may be noted yet")
                .isPresent();
        sweepAfter(HOUR.multipliedBy(2));

        assertThat(uploader.parts(upload.key(), twice)).isEmpty();
        assertThat(uploader.parts(upload.key(), storeId(upload))).isPresent();
    }

    @Test
    void endsTheOthersWhenTheStoreDoesNotLetGoOfOne() throws Exception {
        Map<BlobKey, String> lost = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            BlobKey key = new BlobKey(Bucket.RAW, "raw/2026/0%d/%s/a.jpg".formatted(i + 1, UUID.randomUUID()));
            lost.put(key, uploader.create(key, "image/jpeg"));
        }
        String stuck = lost.values().stream().min(Comparator.naturalOrder()).orElseThrow();

        assertThatThrownBy(() -> sweepAfter(DAY.multipliedBy(8), new StuckAbort(uploader, stuck)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("1 of ");

        for (var entry : lost.entrySet()) {
            assertThat(uploader.parts(entry.getKey(), entry.getValue()).isPresent())
                    .isEqualTo(entry.getValue().equals(stuck));
        }
        sweepAfter(DAY.multipliedBy(8));
    }

    @Test
    void sparesWhatIsStillOpenHoweverOld() throws Exception {
        Upload upload = granted();

        sweepAfter(HOUR.multipliedBy(1000));

        assertThat(uploader.parts(upload.key(), storeId(upload))).isPresent();
    }

    @Test
    void endsWhatEndedWithoutTheStoreHearingOfIt() throws Exception {
        Upload expired = granted();
        Upload aborted = granted();
        ledger.markExpired(expired.id());
        ledger.markAborted(aborted.id(), Instant.now());

        sweepAfter(HOUR.multipliedBy(2));

        assertThat(uploader.parts(expired.key(), storeId(expired))).isEmpty();
        assertThat(uploader.parts(aborted.key(), storeId(aborted))).isEmpty();
        server.bean(JdbcClient.class)
                .sql("delete from upload where id in (:one, :other)")
                .param("one", expired.id())
                .param("other", aborted.id())
                .update();
    }

    @Test
    void beginsAnewWhenTheStoreForgotAnUploadByRulesOfItsOwn() throws Exception {
        Upload upload = granted();
        uploader.abort(upload.key(), storeId(upload));
        String path = "/v1/uploads/" + upload.id();

        JsonNode none = TestServer.json(server.get(path + "/parts"));
        var signed = server.post(path + "/parts", "{\"partNumbers\":[1]}");

        assertThat(none.path("parts").isEmpty()).isTrue();
        assertThat(signed.statusCode()).isEqualTo(200);
        Upload now = ledger.find(upload.id()).orElseThrow();
        assertThat(storeId(now)).isNotEqualTo(storeId(upload));
        assertThat(uploader.parts(now.key(), storeId(now))).isPresent();
    }

    @Test
    void discardsPartsOfAnUploadThatExpired() throws Exception {
        Upload upload = granted();
        server.bean(JdbcClient.class)
                .sql(
                        "update upload set expires_at = now() - interval '1 minute', created_at = now() - interval '1 hour' where id = :id")
                .param("id", upload.id())
                .update();

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> uploader.parts(upload.key(), storeId(upload)).isEmpty());
        assertThat(ledger.find(upload.id()).orElseThrow().state()).isEqualTo(Upload.State.EXPIRED);
        assertThat(server.post("/v1/uploads/" + upload.id() + "/complete", "").statusCode())
                .isEqualTo(409);
    }
}
