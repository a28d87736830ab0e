package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RunningCommand;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The exchange of a key is killed again and again: whatever is encrypted with which key then, nothing is lost.
///
/// `-Dsafelight.kill.seed` draws the same moments.
@ExtendWith(ShowServerLog.class)
@Tag("slow")
class RekeyKillIT {
    private static final String FIRST = "first:" + "3c".repeat(32);
    private static final String SECOND = "second:" + "7d".repeat(32);
    private static final int PICTURES = 40;
    private static final int KILLS = 6;

    /// From the start of the command to well after its end.
    private static final Duration LONGEST = Duration.ofSeconds(4);

    @TempDir
    Path folder;

    @Test
    void losesNothingWheneverItIsKilled() throws Exception {
        long seed = Long.getLong("safelight.kill.seed", System.nanoTime());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Path data = folder.resolve("data");
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (int i = 0; i < PICTURES; i++) {
            Files.write(photos.resolve("p" + i + ".jpg"), Pictures.jpeg(400 + i, 300));
        }
        Map<String, String> before;
        try (SafelightProcess server = SafelightProcess.serve(data, with(FIRST))) {
            Command upload = Command.run("upload", photos.toString(), "--data", data.toString());
            assertThat(upload.exitCode()).as(upload.err()).isZero();
            before = delivered(server);
            assertThat(before).hasSizeGreaterThan(PICTURES);
        }
        Map<String, String> both = with(SECOND, FIRST);
        int cut = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (RunningCommand rekey =
                    RunningCommand.start(both, List.of("rekey", "--json", "--data", data.toString()))) {
                Thread.sleep(random.nextLong(LONGEST.toMillis()));
                rekey.kill();
            }
            JsonNode files = count(data);
            cut += files.path("first").asInt() > 0 && files.path("second").asInt() > 0 ? 1 : 0;
        }
        System.out.printf("killed exchange of a key: seed=%d kills=%d in-the-middle=%d%n", seed, KILLS, cut);

        Command last = Command.run(both, "rekey", "--data", data.toString());

        assertThat(last.exitCode()).as(last.err()).isZero();
        assertThat(count(data).propertyNames()).containsExactly("second");
        try (SafelightProcess server = SafelightProcess.serve(data, with(SECOND))) {
            assertThat(delivered(server)).isEqualTo(before);
        }
    }

    private static JsonNode count(Path data) {
        Command counted = Command.run("rekey", "--count", "--json", "--data", data.toString());
        assertThat(counted.exitCode()).as(counted.err()).isZero();
        return counted.json().path("files");
    }

    private Map<String, String> with(String... keys) throws Exception {
        Path file = folder.resolve("keys-" + keys.length + "-" + keys[0].substring(0, 2));
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, List.of(keys));
        }
        return Map.of("SAFELIGHT_EMBEDDED_ENCRYPTION_KEY_FILE", file.toString());
    }

    /// Lengths and entity tags of all that is delivered, whose bytes were read, by path.
    private static Map<String, String> delivered(SafelightProcess server) {
        Map<String, String> found = new HashMap<>();
        try (ApiUser admin = server.admin()) {
            for (JsonNode asset :
                    admin.get("/v1/assets?limit=200").expect(200).json().path("assets")) {
                for (JsonNode variant : asset.path("variants")) {
                    String path = URI.create(variant.path("url").asString()).getPath();
                    var reply = admin.get(path).expect(200);
                    found.put(path, reply.bytes().length + " " + reply.header("ETag"));
                }
            }
        }
        return found;
    }
}
