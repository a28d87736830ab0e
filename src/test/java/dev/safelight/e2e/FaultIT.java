package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.database.LocalPostgres;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.CutProxy;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.SmallDisk;
import dev.safelight.testing.UploadOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What a server depends on fails: it says so, does not hang, and goes on when that is back.
@ExtendWith(ShowServerLog.class)
@Tag("slow")
class FaultIT {
    private static final Duration NO_HANG = Duration.ofSeconds(12);

    @TempDir
    Path folder = Path.of("");

    @Test
    void answersWithProblemsWhileTheDatabaseIsGone() {
        byte[] picture = Pictures.jpeg(300, 200);
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"));
                ApiUser admin = server.admin()) {
            Grant granted = admin.grant(UploadOrder.jpeg("granted.jpg", picture.length));
            ApiUser unknown = admin.withAuthorization("Bearer sl_" + "0".repeat(32) + "_" + "A".repeat(43));
            server.database().kill();

            unavailable(() ->
                    admin.post("/v1/uploads", UploadOrder.jpeg("a.jpg", 10).json()));
            unavailable(() -> admin.get("/v1/uploads/" + granted.uploadId()));
            unavailable(() -> unknown.get("/v1/assets"));
            unavailable(
                    () -> admin.anonymous().get("/media/image/00000000-0000-7000-8000-000000000000/v1/small-320w.jpg"));
            assertThat(admin.anonymous().get("/actuator/health/readiness").status())
                    .isEqualTo(503);
            assertThat(admin.anonymous().get("/actuator/health/liveness").status())
                    .isEqualTo(200);
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void comesThroughAFullDatabaseAndItsRestart() throws Exception {
        byte[] picture = Pictures.jpeg(300, 200);
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 200)) {
            Path place = disk.folder().resolve("postgres");
            LocalPostgres first = LocalPostgres.start(place, LocalPostgres.Durability.FULL);
            try (CutProxy network = CutProxy.to(first.port());
                    SafelightProcess server = SafelightProcess.serve(
                            folder.resolve("data"),
                            Map.of(
                                    "SPRING_DATASOURCE_URL",
                                    "jdbc:postgresql://127.0.0.1:" + network.port() + "/postgres",
                                    "SPRING_DATASOURCE_USERNAME",
                                    first.user(),
                                    "SPRING_DATASOURCE_PASSWORD",
                                    first.password()));
                    ApiUser admin = server.admin()) {
                Grant granted = admin.grant(UploadOrder.jpeg("granted.jpg", picture.length));
                disk.fill();
                // What is written already has some room left.
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ZERO)
                        .until(() -> isRefused(admin));
                assertThat(server.isAlive()).isTrue();
                first.close();
                unavailable(() -> admin.get("/v1/uploads/" + granted.uploadId()));
                disk.free();

                try (LocalPostgres again = LocalPostgres.start(place, LocalPostgres.Durability.FULL)) {
                    network.forwardTo(again.port());
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> admin.get("/v1/uploads/" + granted.uploadId())
                                            .status()
                                    == 200);
                    admin.sendForm(granted, picture).expect(201);
                    assertThat(admin.awaitEnd(granted).path("status").asString())
                            .isEqualTo("READY");
                    server.stop();
                }
            } finally {
                first.close();
            }
        }
    }

    /// Answers either way, and soon.
    private static boolean isRefused(ApiUser admin) {
        Reply reply = admin.post("/v1/uploads", UploadOrder.jpeg("a.jpg", 10).json());
        if (reply.status() != 201) {
            reply.expectProblem(503);
        }
        return reply.status() == 503;
    }

    private static void unavailable(Supplier<Reply> request) {
        long started = System.nanoTime();
        Reply reply = request.get().expectProblem(503);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(NO_HANG);
        assertThat(reply.header("Retry-After"))
                .as("Retry-After of %s", reply.response().uri())
                .isNotEmpty();
    }

    @Test
    void doesNotStartWithoutItsImageLibrary() {
        try (SafelightProcess server =
                SafelightProcess.launch(folder.resolve("data"), Map.of("SAFELIGHT_LIBVIPS", "/nowhere"))) {
            assertThat(server.awaitEnd(Duration.ofSeconds(60))).isEqualTo(3);
            assertThat(server.log().lines().filter(line -> line.startsWith("safelight: ")))
                    .singleElement()
                    .asString()
                    .contains("libvips", "./run natives");
            assertThat(server.log()).as("one sentence instead of stack traces").doesNotContain("\tat ");
            assertThat(server.database().process()).isEmpty();
        }
    }

    @Test
    void refusesUploadsToAFullDiskAndRecovers() {
        byte[] picture = Pictures.jpeg(1200, 900);
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 400);
                SafelightProcess server = SafelightProcess.serve(disk.folder().resolve("data"));
                ApiUser admin = server.admin()) {
            Grant early = admin.grant(UploadOrder.jpeg("early.jpg", picture.length));
            disk.fill();

            Reply refused = admin.sendForm(early, picture);
            assertThat(refused.status()).as(refused.text()).isEqualTo(507);
            assertThat(refused.text()).contains("<Code>InsufficientStorage</Code>");
            Reply late = admin.post(
                    "/v1/uploads", UploadOrder.jpeg("late.jpg", picture.length).json());
            assertThat(late.status()).as(late.text()).isIn(201, 503);
            assertThat(server.isAlive()).isTrue();

            disk.free();
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            admin.anonymous().get("/actuator/health/readiness").status() == 200);
            admin.sendForm(early, picture).expect(201);
            assertThat(admin.awaitEnd(early).path("status").asString()).isEqualTo("READY");
        }
    }
}
