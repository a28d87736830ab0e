package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.PartedUpload;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The server is killed while it joins parts: no part that it acknowledged is lost, and the upload ends READY all the
/// same, as one object and one asset.
@ExtendWith(ShowServerLog.class)
@Tag("slow")
class UploadKillIT {
    private static final int ROUNDS = Integer.getInteger("safelight.kill.rounds", 12);
    private static final int PART = 5 << 20;
    private static final int LONGEST_JOIN_MILLIS = 250;
    private static final Map<String, String> SETTINGS = Map.of(
            "SAFELIGHT_UPLOAD_PARTSIZE", "5MB",
            "SAFELIGHT_UPLOAD_RECONCILEAFTER", "2s",
            "SAFELIGHT_UPLOAD_RECONCILEPAUSE", "2s");

    private final byte[] file = Pictures.heavyJpeg(3 * PART + 77, 1);

    @TempDir
    Path folder = Path.of("");

    @Test
    void joinsOnceWhateverMomentItIsKilledAt() throws Exception {
        long seed = Long.getLong("safelight.kill.seed", System.nanoTime());
        System.out.println("upload kill test: seed=" + seed);
        Random random = new Random(seed);
        Path data = folder.resolve("data");
        List<PartedUpload> uploads = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (SafelightProcess server = SafelightProcess.serve(data, SETTINGS);
                    ApiUser admin = server.admin()) {
                if (!uploads.isEmpty()) {
                    finish(on(admin, uploads.getLast()), data, uploads.size());
                }
                PartedUpload upload =
                        PartedUpload.begin(admin, UploadOrder.jpeg("round-%d.jpg".formatted(round), file.length), file);
                uploads.add(upload.sendAll());
                Thread asking = Thread.ofVirtual().start(() -> completeOrFail(upload));
                Thread.sleep(random.nextInt(LONGEST_JOIN_MILLIS));
                server.kill();
                asking.join();
            }
        }
        try (SafelightProcess server = SafelightProcess.serve(data, SETTINGS);
                ApiUser admin = server.admin()) {
            finish(on(admin, uploads.getLast()), data, uploads.size());
            for (PartedUpload upload : uploads) {
                assertThat(on(admin, upload).awaitEnd().path("status").asString())
                        .isEqualTo("READY");
            }
            assertThat(admin.get("/v1/assets?limit=200").json().path("assets")).hasSize(ROUNDS);
            assertThat(files(data, "raw")).hasSize(ROUNDS).allMatch(size -> size == file.length);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(files(data, "parts")).isEmpty();
                assertThat(files(data, "staging")).isEmpty();
            });
            assertThat(server.database()
                            .sql()
                            .sql("select count(*) from dead_job")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    private static PartedUpload on(ApiUser user, PartedUpload upload) {
        return new PartedUpload(user, upload.upload(), upload.file());
    }

    private static void completeOrFail(PartedUpload upload) {
        try {
            upload.complete();
        } catch (UncheckedIOException killed) {
            // As it should.
        }
    }

    /// What a client does after the server came back: ask again. All its parts were acknowledged, so they
    /// are all there, unless they are joined already; it sends nothing again.
    private static void finish(PartedUpload upload, Path data, int objects) throws IOException {
        List<Integer> parts = upload.stored();
        if (parts.isEmpty()) {
            assertThat(files(data, "raw"))
                    .as("objects, since no parts are left")
                    .hasSize(objects);
        } else {
            assertThat(parts)
                    .isEqualTo(IntStream.rangeClosed(1, upload.count()).boxed().toList());
        }
        upload.complete().expect(202);
        assertThat(upload.awaitEnd().path("status").asString()).isEqualTo("READY");
    }

    private static List<Long> files(Path data, String container) throws IOException {
        try (var tree = Files.walk(data.resolve("store").resolve("objects").resolve(container))) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> file.toFile().length())
                    .toList();
        }
    }
}
