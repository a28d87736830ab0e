package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RunningCommand;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A changed profile, from the command line to the changed variants, with a kill in the middle.
@ExtendWith(ShowServerLog.class)
class BackfillIT {
    private static final int ASSETS = 12;
    private static final int INTERRUPTED = 130;

    @TempDir
    Path folder = Path.of("");

    @Test
    void bringsAllToTheChangedProfileOnceThoughItIsKilled() throws Exception {
        Path data = folder.resolve("data");
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (int i = 0; i < ASSETS; i++) {
            Files.write(photos.resolve("p" + i + ".jpg"), Pictures.jpeg(300 + i, 200));
        }
        Map<String, String> before;
        try (SafelightProcess server = SafelightProcess.serve(data, profile(80))) {
            Command upload = Command.run("upload", photos.toString(), "--data", data.toString());
            assertThat(upload.exitCode()).as(upload.err()).isZero();
            before = variants(server);
            assertThat(before).hasSize(ASSETS);
            Command needless = run(data, "asset", "reprocess", "--all", "--json");
            assertThat(needless.exitCode()).as(needless.err()).isZero();
            assertThat(needless.json().path("examined").asInt()).isEqualTo(ASSETS);
            assertThat(needless.json().path("needed").asInt(-1)).isZero();
        }

        String id;
        try (SafelightProcess server = SafelightProcess.serve(data, profile(40))) {
            Command foreseen = run(data, "asset", "reprocess", "--all", "--dry-run");
            assertThat(foreseen.out())
                    .startsWith("Would make %d variants of %d of %d assets".formatted(ASSETS, ASSETS, ASSETS));
            Command started = run(data, "asset", "reprocess", "--all", "--detach", "--rate", "30/min", "--json");
            assertThat(started.exitCode()).as(started.err()).isZero();
            id = started.json().path("id").asString();
            try (RunningCommand watch =
                    RunningCommand.start(List.of("backfill", "watch", id, "--data", data.toString()))) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> show(server, id).path("done").asInt() >= 4);
                watch.interrupt();
                assertThat(watch.awaitEnd()).isEqualTo(INTERRUPTED);
                assertThat(watch.err()).contains("The server goes on.", "safelight backfill watch|pause|cancel " + id);
            }
            assertThat(show(server, id).path("state").asString()).isEqualTo("RUNNING");
            server.kill();
        }

        try (SafelightProcess server = SafelightProcess.serve(data, profile(40))) {
            assertThat(run(data, "backfill", "pause", id).exitCode()).isZero();
            assertThat(run(data, "backfill", "resume", id).exitCode()).isZero();
            Command watched = run(data, "backfill", "watch", id, "--json");

            assertThat(watched.exitCode()).as(watched.err()).isZero();
            JsonNode done = watched.json();
            assertThat(done.path("state").asString()).isEqualTo("DONE");
            assertThat(done.path("examined").asInt()).isEqualTo(ASSETS);
            assertThat(done.path("enqueued").asInt()).isEqualTo(ASSETS);
            assertThat(done.path("done").asInt()).isEqualTo(ASSETS);
            Map<String, String> after = variants(server);
            assertThat(after.keySet()).isEqualTo(before.keySet());
            Set<String> unchanged = new HashSet<>(after.values());
            unchanged.retainAll(Set.copyOf(before.values()));
            assertThat(unchanged).isEmpty();
            assertThat(run(data, "backfill", "list").out()).contains(id + "  DONE");
            assertThat(run(data, "backfill", "cancel", id).exitCode()).isEqualTo(4);
        }
    }

    private static Map<String, String> profile(int quality) {
        String entry = "SAFELIGHT_IMAGE_PROFILE_0_";
        return Map.of(
                entry + "NAME", "thumb",
                entry + "FORMAT", "jpeg",
                entry + "WIDTH", "200",
                entry + "QUALITY", Integer.toString(quality));
    }

    private static Command run(Path data, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--data";
        all[arguments.length + 1] = data.toString();
        return Command.run(all);
    }

    /// Asked without the command line, which would take a good part of the time that the backfill does.
    private static JsonNode show(SafelightProcess server, String id) {
        try (ApiUser admin = server.admin()) {
            return admin.get("/v1/backfills/" + id).expect(200).json();
        }
    }

    /// The entity tags that the addresses of the variants deliver, by path: each run has another port.
    private static Map<String, String> variants(SafelightProcess server) {
        Map<String, String> found = new HashMap<>();
        try (ApiUser admin = server.admin()) {
            for (JsonNode asset : admin.get("/v1/assets").expect(200).json().path("assets")) {
                for (JsonNode variant : asset.path("variants")) {
                    String url = variant.path("url").asString();
                    found.put(
                            URI.create(url).getPath(),
                            admin.get(url).expect(200).header("ETag"));
                }
            }
        }
        return found;
    }
}
