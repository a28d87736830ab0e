package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.CutProxy;
import dev.safelight.testing.CutProxy.Script;
import dev.safelight.testing.ExternalStoreSettings;
import dev.safelight.testing.FreePort;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.TestDatabase;
import dev.safelight.testing.UploadOrder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// While pictures come in, the store fails at random and the database is out of reach again and again:
/// whoever was granted an upload gets it processed, once.
@ExtendWith(ShowServerLog.class)
@Tag("slow")
class TroubledImportIT {
    private static final int FILES = 30;
    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("safelight.outage.seconds", 15));
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final byte[] picture = Pictures.jpeg(480, 360);

    @TempDir
    Path folder;

    @Test
    void processesAllThatWasGranted() throws Exception {
        long seed = Long.getLong("safelight.trouble.seed", System.nanoTime());
        System.out.println("troubled import: seed=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        TestDatabase database = TestDatabase.fresh();
        int port = FreePort.take();
        try (CutProxy storeNetwork = CutProxy.to(port);
                CutProxy databaseNetwork = CutProxy.to(portOf(database));
                SafelightProcess store =
                        SafelightProcess.serve(folder.resolve("store"), "--s3-port", String.valueOf(port));
                SafelightProcess server = SafelightProcess.serve(
                        folder.resolve("data"), settings(store, port, storeNetwork, database, databaseNetwork));
                ApiUser admin = server.admin()) {
            storeNetwork.plan(troubles(random));
            List<Grant> grants = new ArrayList<>();
            for (int number = 0; number < FILES; number++) {
                if (number == FILES / 2) {
                    loseDatabase(databaseNetwork, admin);
                }
                Grant grant = admin.grant(UploadOrder.jpeg("file-%d.jpg".formatted(number), picture.length));
                admin.sendForm(grant, picture).expect(201);
                grants.add(grant);
            }
            loseDatabase(databaseNetwork, admin);

            await("all uploads to be READY")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(grants)
                            .extracting(grant -> status(admin, grant))
                            .containsOnly("READY"));
            JdbcClient sql = JdbcClient.create(database.dataSource());
            await("an empty queue")
                    .atMost(PATIENCE)
                    .until(() -> sql.sql("select count(*) from scheduled_tasks where task_instance <> 'recurring'")
                                    .query(Integer.class)
                                    .single()
                            == 0);
            assertThat(sql.sql("select count(*) from dead_job")
                            .query(Integer.class)
                            .single())
                    .isZero();
            assertThat(sql.sql("select count(*) from asset_version")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(FILES);
        }
    }

    /// Nobody reaches the database for a while: the server says so at once, lives on, and is back as soon as
    /// it is.
    private static void loseDatabase(CutProxy network, ApiUser admin) throws InterruptedException {
        network.always(Script.resetAfter(0));
        network.cutAll();
        Reply refused = admin.post(
                        "/v1/uploads", UploadOrder.jpeg("refused.jpg", 10).json())
                .expectProblem(503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
        Thread.sleep(OUTAGE);
        network.always(Script.FAITHFUL);
        await("the server to be back")
                .atMost(Duration.ofSeconds(30))
                .until(() -> admin.get("/v1/assets?limit=1").status() == 200);
    }

    private static String status(ApiUser admin, Grant grant) {
        return admin.get("/v1/uploads/" + grant.uploadId())
                .expect(200)
                .json()
                .path("status")
                .asString();
    }

    private static Script[] troubles(RandomGenerator random) {
        List<Script> scripts = new ArrayList<>();
        for (int connection = 0; connection < 4 * FILES; connection++) {
            scripts.add(
                    switch (random.nextInt(10)) {
                        case 0 -> Script.refusing(500, "InternalError");
                        case 1 -> Script.unavailable();
                        case 2 -> Script.resetAfter(random.nextInt(20_000));
                        case 3 -> Script.cutAfter(random.nextInt(20_000));
                        case 4 -> Script.delayed(Duration.ofMillis(random.nextInt(1_000)));
                        default -> Script.FAITHFUL;
                    });
        }
        return scripts.toArray(Script[]::new);
    }

    private static int portOf(TestDatabase database) {
        return URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort();
    }

    private static Map<String, String> settings(
            SafelightProcess store, int port, CutProxy storeNetwork, TestDatabase database, CutProxy databaseNetwork) {
        Map<String, String> settings = new HashMap<>(ExternalStoreSettings.of(store, storeNetwork.url()));
        settings.put("SAFELIGHT_S3_PUBLICENDPOINT", "http://127.0.0.1:" + port);
        settings.put(
                "SPRING_DATASOURCE_URL",
                database.jdbcUrl().replace(":" + portOf(database) + "/", ":" + databaseNetwork.port() + "/"));
        settings.put("SPRING_DATASOURCE_USERNAME", database.user());
        settings.put("SPRING_DATASOURCE_PASSWORD", database.password());
        settings.put("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", "12");
        return settings;
    }
}
