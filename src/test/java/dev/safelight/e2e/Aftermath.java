package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.e2e.KilledUploads.Promise;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What is left after all kills, held against what was promised: by API, by HTTP, in the database and on disk.
final class Aftermath {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int READERS = 4;

    private final SafelightProcess server;
    private final ApiUser admin;
    private final KilledUploads uploads;
    private final JdbcClient sql;
    private List<JsonNode> assets = List.of();

    Aftermath(SafelightProcess server, ApiUser admin, KilledUploads uploads) {
        this.server = server;
        this.admin = admin;
        this.uploads = uploads;
        this.sql = server.database().sql();
    }

    /// Waits until every acknowledged upload has an end and no job is left.
    void awaitRest() {
        await("all acknowledged uploads to end").atMost(PATIENCE).untilAsserted(() -> {
            Map<String, String> status = readAssets().stream()
                    .collect(Collectors.toMap(
                            Aftermath::id, asset -> asset.path("status").asString()));
            assertThat(uploads.acknowledged())
                    .allSatisfy(promise -> assertThat(status.get(promise.grant().assetId()))
                            .as(promise.toString())
                            .isIn("READY", "REJECTED", "FAILED"));
        });
        await("an empty queue")
                .atMost(PATIENCE)
                .until(() -> count("""
                select count(*) from scheduled_tasks where task_instance <> 'recurring'
                """) == 0
                        && count("select count(*) from asset_version where status = 'PROCESSING'") == 0);
        assets = readAssets();
    }

    private List<JsonNode> readAssets() {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    admin.get("/v1/assets?limit=200" + cursor).expect(200).json();
            page.path("assets").forEach(all::add);
            cursor = page.has("nextCursor")
                    ? "&cursor=" + page.path("nextCursor").asString()
                    : "";
        } while (!cursor.isEmpty());
        return all;
    }

    /// Each acknowledged upload is one asset with the end it deserves; of the others none claims to be more
    /// than it is.
    void checkOutcomes() {
        assertThat(assets)
                .extracting(asset -> asset.path("fileName").asString())
                .doesNotHaveDuplicates();
        Map<String, JsonNode> byId = assets.stream().collect(Collectors.toMap(Aftermath::id, asset -> asset));
        for (Promise promise : uploads.acknowledged()) {
            JsonNode asset = Objects.requireNonNull(byId.get(promise.grant().assetId()), promise::toString);
            assertThat(end(asset)).as(asset.toString()).isEqualTo(promise.isGood() ? "READY" : "REJECTED corrupt");
        }
        assertThat(byId.keySet())
                .containsAll(uploads.granted().stream()
                        .map(promise -> promise.grant().assetId())
                        .toList());
        assertThat(assets)
                .extracting(Aftermath::end)
                .isSubsetOf("READY", "REJECTED corrupt", "PENDING", "FAILED upload-expired");
        assertThat(count("select count(*) from dead_job")).as("dead jobs").isZero();
        assertThat(count("select count(*) from job_run where outcome = 'DEAD'"))
                .as("attempts that gave up")
                .isZero();
    }

    /// Every variant of the catalogue is there, whole, and once.
    void checkDelivery() throws Exception {
        List<JsonNode> variants = new ArrayList<>();
        for (JsonNode asset : assets) {
            List<JsonNode> own = asset.path("variants").valueStream().toList();
            assertThat(own.isEmpty())
                    .as(asset.toString())
                    .isNotEqualTo(end(asset).equals("READY"));
            assertThat(own)
                    .extracting(one -> one.path("name").asString() + "."
                            + one.path("format").asString())
                    .as("variants of %s", id(asset))
                    .doesNotHaveDuplicates();
            variants.addAll(own);
        }
        try (var readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> reads = new ArrayList<>();
            for (JsonNode variant : variants) {
                reads.add(readers.submit(() -> checkServed(variant)));
            }
            for (Future<?> read : reads) {
                read.get();
            }
        }
    }

    private void checkServed(JsonNode variant) {
        Reply reply = admin.get(variant.path("url").asString()).expect(200);
        assertThat(reply.bytes())
                .as(variant.toString())
                .hasSize(variant.path("bytes").asInt());
    }

    /// Disk and catalogue agree in both directions, and nothing half-done lies about.
    void checkStore() throws IOException {
        assertThat(orphans())
                .as("objects without a row, or rows without an object")
                .isEmpty();
        for (String temporary : List.of("staging", "parts")) {
            assertThat(files(store().resolve(temporary))).as(temporary).isEmpty();
        }
        // The journal of crashes belongs to the process, not to a pipeline, and stays.
        assertThat(files(server.data().resolve("work")))
                .as("files of pipelines")
                .isSubsetOf("crashes");
    }

    private Set<String> orphans() throws IOException {
        Set<String> onDisk = new TreeSet<>();
        for (String bucket : List.of("processed", "user", "marketing", "raw")) {
            files(store().resolve(bucket)).forEach(key -> onDisk.add(bucket + ":" + key));
        }
        Set<String> known = new HashSet<>(sql.sql("""
                select lower(bucket) || ':' || key from variant
                union all
                select 'raw:' || object_key from upload where state = 'RECEIVED'
                """).query(String.class).list());
        Set<String> difference = new TreeSet<>(onDisk);
        difference.removeAll(known);
        known.removeAll(onDisk);
        difference.addAll(known);
        return difference;
    }

    private Path store() {
        return server.data().resolve("store").resolve("objects");
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }

    String summary() {
        return "granted=%d acknowledged=%d ready=%d rejected=%d pending=%d orphans=0 duplicates=0"
                .formatted(
                        assets.size(),
                        uploads.acknowledged().size(),
                        count("READY", assets),
                        count("REJECTED", assets),
                        count("PENDING", assets));
    }

    private static long count(String status, List<JsonNode> assets) {
        return assets.stream()
                .filter(asset -> asset.path("status").asString().equals(status))
                .count();
    }

    private long count(String query) {
        return sql.sql(query).query(Long.class).single();
    }

    private static String id(JsonNode asset) {
        return asset.path("id").asString();
    }

    private static String end(JsonNode asset) {
        return (asset.path("status").asString() + " " + asset.path("reason").asString("")).strip();
    }
}
