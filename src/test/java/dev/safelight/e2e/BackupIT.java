package dev.safelight.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.DataFolderDatabase;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.RunningCommand;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A backup of a server that is at work, and what becomes of it.
@ExtendWith(ShowServerLog.class)
class BackupIT {
    private static final int FIRST = 3;

    @TempDir
    Path folder = Path.of("");

    private static byte[] picture(int seed) {
        return Pictures.heavyJpeg(60_000 + seed, seed);
    }

    private static UploadOrder order(int number) {
        return UploadOrder.jpeg("p" + number + ".jpg", 60_000 + number);
    }

    private Command backUp(Path data, Path target) {
        return Command.run("backup", target.toString(), "--data", data.toString(), "--json");
    }

    private Command restore(Path target, Path data) {
        return Command.run("restore", target.toString(), "--data", data.toString(), "--json");
    }

    @Test
    void bringsBackAllThatWasAcknowledgedWhenItWasTakenUnderUploads() throws Exception {
        Path target = folder.resolve("backup");
        Map<String, Map<String, byte[]>> delivered;
        List<String> before;
        Grant open;
        String key;
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"));
                ApiUser admin = server.admin()) {
            key = server.adminKey();
            before = Stream.iterate(0, n -> n < FIRST, n -> n + 1)
                    .map(n -> admin.upload(order(n), picture(n)).path("id").asString())
                    .toList();
            open = admin.grant(order(1000));
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger sent = new AtomicInteger(FIRST);
            CompletableFuture<Void> work = CompletableFuture.runAsync(() -> work(admin, sent, over));
            Awaitility.await().until(() -> sent.get() > FIRST + 1);

            Command taken = backUp(server.data(), target);

            int sentDuringBackup = sent.get() - FIRST;
            over.set(true);
            work.join();
            assertThat(taken.exitCode()).as(taken.err()).isZero();
            assertThat(taken.json().path("missingObjects").asInt()).isZero();
            assertThat(sentDuringBackup).isGreaterThan(2);
            awaitEnds(admin);
            delivered = delivered(admin);
        }

        Command verified = Command.run("backup", "verify", target.toString());
        assertThat(verified.exitCode()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("is whole");
        Path restored = folder.resolve("restored");
        Command done = restore(target, restored);
        assertThat(done.exitCode()).as(done.err()).isZero();

        try (SafelightProcess server = SafelightProcess.serve(restored);
                ApiUser admin = server.admin()) {
            assertThat(server.adminKey()).isEqualTo(key);
            awaitEnds(admin);
            Map<String, Map<String, byte[]>> now = delivered(admin);
            assertThat(now.keySet()).containsAll(before);
            // Those that were rejected only after the snapshot are delivered again, and by nobody else.
            now.keySet().retainAll(delivered.keySet());
            now.forEach((asset, variants) -> {
                Map<String, byte[]> expected = requireNonNull(delivered.get(asset));
                assertThat(variants.keySet()).isEqualTo(expected.keySet());
                variants.forEach((path, bytes) -> assertThat(bytes).as(path).isEqualTo(expected.get(path)));
            });
            assertSameOriginals(restored, folder.resolve("data"));

            // The grant of then holds still, at wherever the store is now.
            URI store = admin.grant(order(2000)).url();
            URI moved = URI.create("http://" + store.getAuthority() + open.url().getPath());
            admin.sendForm(new Grant(open.uploadId(), open.assetId(), moved, open.fields()), picture(1000))
                    .expect(201);
            assertThat(admin.awaitEnd(open).path("status").asString()).isEqualTo("READY");
            Command orphans = Command.run("orphans", "--data", restored.toString());
            assertThat(orphans.out()).isEmpty();

            Command again = restore(target, restored);
            assertThat(again.exitCode()).isEqualTo(4);
            assertThat(again.messages()).singleElement().asString().contains("is not empty");
        }
    }

    /// Uploads and rejects, until it is told to end.
    private static void work(ApiUser admin, AtomicInteger sent, AtomicBoolean over) {
        while (!over.get()) {
            int number = sent.getAndIncrement();
            JsonNode asset = admin.upload(order(number), picture(number));
            if (number % 3 == 0) {
                admin.post(
                                "/v1/assets/" + asset.path("id").asString() + "/moderation",
                                "{\"status\":\"rejected\",\"reason\":\"no\"}")
                        .expect(200);
            }
        }
    }

    private static List<JsonNode> assets(ApiUser admin) {
        return admin.get("/v1/assets?limit=100")
                .expect(200)
                .json()
                .path("assets")
                .valueStream()
                .toList();
    }

    private static void awaitEnds(ApiUser admin) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> assets(admin).stream()
                        .noneMatch(asset -> asset.path("status").asString().equals("PROCESSING")));
    }

    /// The bytes of all variants of all assets that are READY and delivered, by id and path.
    private static Map<String, Map<String, byte[]>> delivered(ApiUser admin) {
        Map<String, Map<String, byte[]>> delivered = new TreeMap<>();
        for (JsonNode listed : assets(admin)) {
            if (listed.path("status").asString().equals("READY")) {
                String id = listed.path("id").asString();
                Map<String, byte[]> variants = new TreeMap<>();
                admin.asset(id).path("variants").forEach(variant -> {
                    String path = URI.create(variant.path("url").asString()).getPath();
                    Reply reply = admin.anonymous().get(path);
                    if (reply.status() == 200) {
                        variants.put(path, reply.bytes());
                    }
                });
                if (!variants.isEmpty()) {
                    delivered.put(id, variants);
                }
            }
        }
        return delivered;
    }

    private static void assertSameOriginals(Path restored, Path data) throws IOException {
        Path originals = restored.resolve("store/objects/raw");
        try (Stream<Path> found = Files.walk(originals)) {
            List<Path> files = found.filter(Files::isRegularFile).toList();
            assertThat(files).hasSizeGreaterThanOrEqualTo(FIRST);
            assertThat(files)
                    .allSatisfy(file -> assertThat(file)
                            .hasSameBinaryContentAs(
                                    data.resolve("store/objects/raw").resolve(originals.relativize(file))));
        }
    }

    @Test
    void leavesServerAndTargetCleanWhenKilledAndWorksOnAStoppedServer() throws Exception {
        Path data = folder.resolve("data");
        Path killed = folder.resolve("killed");
        try (SafelightProcess server = SafelightProcess.serve(data);
                ApiUser admin = server.admin()) {
            admin.upload(order(1), picture(1));
            for (int i = 0; i < 60; i++) {
                Path original = data.resolve("store/objects/raw/raw/2026/01/many/" + i + ".jpg");
                Files.createDirectories(original.getParent());
                Files.write(original, picture(i));
            }
            server.database().sql().sql("""
                    insert into upload (id, asset_id, version, owner, request_hash, object_key, content_type, bytes, state,
                        created_at, expires_at, method, space)
                    select gen_random_uuid(), u.asset_id, u.version, u.owner, 'h', 'raw/2026/01/many/' || n || '.jpg',
                        'image/jpeg', 5, 'RECEIVED', now(), now(), 'POST', u.space
                    from (select * from upload limit 1) u, generate_series(0, 59) n
                    """).update();
            try (RunningCommand backup =
                    RunningCommand.start(List.of("backup", killed.toString(), "--data", data.toString()))) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> Files.exists(killed.resolve("objects/raw/raw/2026/01/many")));
                backup.kill();
            }
            assertThat(killed.resolve("manifest.json")).doesNotExist();
            admin.upload(order(2), picture(2));
            // Nothing is left that would keep a remover or the next backup away.
            Awaitility.await()
                    .until(() -> server.database()
                            .sql()
                            .sql("select count(*) = 0 from pg_locks where locktype = 'advisory'")
                            .query(Boolean.class)
                            .single());
            server.stop();
        }
        Path restored = folder.resolve("restored");
        Command refused = restore(killed, restored);
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.messages()).singleElement().asString().contains("not finished");
        assertThat(restored).doesNotExist();
        assertThat(backUp(data, killed).messages()).singleElement().asString().contains("is not empty");

        Path target = folder.resolve("backup");
        Command stopped = backUp(data, target);
        assertThat(stopped.exitCode()).as(stopped.err()).isZero();
        assertThat(stopped.json().path("objects").asInt()).isGreaterThan(60);
        assertThat(new DataFolderDatabase(data).process()).isEmpty();
        damage(target.resolve("objects/raw/raw/2026/01/many/7.jpg"));
        Command damaged = Command.run("backup", "verify", target.toString(), "--json");
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.json().path("damages").get(0).asString()).isEqualTo("raw:raw/2026/01/many/7.jpg is damaged");
        assertThat(restore(target, restored).messages())
                .singleElement()
                .asString()
                .contains("raw:raw/2026/01/many/7.jpg is damaged");
        assertThat(restored).doesNotExist();
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
