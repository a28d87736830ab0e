package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.FreePort;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RunningCommand;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `safelight upload` of many files, whatever happens to the client or the server meanwhile.
@ExtendWith(ShowServerLog.class)
class BulkIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int NOT_AS_IT_SHOULD = 1;
    private static final int INTERRUPTED = 130;

    @TempDir
    Path folder = Path.of("");

    private Path photos = Path.of("");
    private Path journal = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        photos = Files.createDirectory(folder.resolve("photos"));
        journal = folder.resolve("journal.jsonl");
    }

    private void draw(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Path sub = Files.createDirectories(photos.resolve("folder " + i % 7));
            Files.write(sub.resolve("photo-%03d.jpg".formatted(i)), Pictures.jpeg(24 + i % 20, 20 + i / 20));
        }
    }

    private List<String> arguments(SafelightProcess server, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "upload",
                photos.toString(),
                "--data",
                server.data().toString(),
                "--journal",
                journal.toString(),
                "--json"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private Command upload(SafelightProcess server, String... more) {
        return Command.run(arguments(server, more).toArray(String[]::new));
    }

    private void awaitJournal(RunningCommand command, int lines) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> linesOfJournal() >= lines || !command.isAlive());
        assertThat(command.isAlive())
                .as("the run, before it is stopped: %s", command.err())
                .isTrue();
    }

    private long linesOfJournal() throws IOException {
        if (!Files.exists(journal)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(journal)) {
            return lines.count();
        }
    }

    /// The names of all assets that the server has.
    private static List<String> names(SafelightProcess server) {
        List<String> names = new ArrayList<>();
        try (ApiUser admin = server.admin()) {
            String cursor = "";
            do {
                JsonNode page = admin.get("/v1/assets?limit=200" + cursor).json();
                page.path("assets")
                        .forEach(asset -> names.add(asset.path("fileName").asString()));
                cursor = page.path("nextCursor").asString("");
                cursor = cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
            } while (!cursor.isEmpty());
        }
        return names;
    }

    @Test
    void uploadsEachFileOnceHoweverOftenItIsKilled() throws Exception {
        int good = 290;
        draw(good);
        Files.writeString(photos.resolve("lie.jpg"), "this is no picture");
        Files.write(photos.resolve("empty.jpg"), new byte[0]);
        Files.write(photos.resolve("table.xlsx"), new byte[] {1, 2, 3});
        Files.write(photos.resolve(".hidden.jpg"), Pictures.jpeg(20, 20));
        Files.createSymbolicLink(photos.resolve("gone.jpg"), folder.resolve("nowhere.jpg"));
        Files.createSymbolicLink(photos.resolve("loop"), photos);
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"))) {
            for (int lines : new int[] {2, 90, 220}) {
                try (RunningCommand command = RunningCommand.start(arguments(server))) {
                    awaitJournal(command, lines);
                    command.kill();
                }
            }
            Command last = upload(server);
            Command again = upload(server);

            assertThat(last.exitCode()).as(last.err()).isEqualTo(NOT_AS_IT_SHOULD);
            assertThat(last.json().path("assets").valueStream().filter(BulkIT::isReady))
                    .hasSize(good);
            assertThat(last.json().path("assets").valueStream().filter(asset -> !isReady(asset)))
                    .extracting(asset -> asset.path("reason").asString())
                    .containsExactlyInAnyOrder("type-mismatch", "empty", "unsupported", "unreadable");
            assertThat(again.json().path("summary").path("sent").asInt()).isZero();
            List<String> names = names(server);
            assertThat(names).doesNotHaveDuplicates().hasSize(good + 1).contains("photo-000.jpg", "lie.jpg");
        }
    }

    private static boolean isReady(JsonNode asset) {
        return asset.path("status").asString().equals("READY");
    }

    @Test
    void goesOnWhenTheServerIsKilledAndStartedAgain() throws Exception {
        draw(120);
        String[] ports = {"--port", String.valueOf(FreePort.take()), "--s3-port", String.valueOf(FreePort.take())};
        SafelightProcess server = SafelightProcess.serve(folder.resolve("data"), ports);
        try (RunningCommand command = RunningCommand.start(arguments(server))) {
            awaitJournal(command, 30);
            server.kill();
            server = SafelightProcess.serve(folder.resolve("data"), ports);

            assertThat(command.awaitEnd()).as(command.err()).isZero();
            assertThat(names(server)).doesNotHaveDuplicates().hasSize(120);
        } finally {
            server.close();
        }
    }

    @Test
    void waitsWhenTheServerGrantsFewAndGoesOnAfterCtrlC() throws Exception {
        int files = 85;
        draw(files);
        // The last few have to wait for a second each.
        Map<String, String> slow = Map.of("SAFELIGHT_UPLOAD_GRANTSPERMINUTE", "60");
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"), slow)) {
            try (RunningCommand command = RunningCommand.start(arguments(server))) {
                // Early: on a slow machine, grants become free again while pictures are processed.
                awaitJournal(command, 3);
                command.interrupt();

                assertThat(command.awaitEnd()).isEqualTo(INTERRUPTED);
                assertThat(command.err()).contains("goes on from here").doesNotContain("Exception");
                assertThat(command.out()).startsWith("{\"assets\":[").endsWith("}\n");
            }
            Command last = upload(server, "--no-wait");

            assertThat(last.exitCode()).as(last.out()).isZero();
            assertThat(last.json().path("summary").path("files").asInt()).isEqualTo(files);
            assertThat(names(server)).doesNotHaveDuplicates().hasSize(files);
        }
    }

    @Test
    void refusesTheJournalOfAnotherServer() throws Exception {
        draw(2);
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"))) {
            assertThat(upload(server).exitCode()).isZero();
            Command other = upload(server, "--space", "marketing");

            assertThat(other.exitCode()).isEqualTo(4);
            assertThat(other.messages()).singleElement().asString().contains("belongs to", "--journal");
        }
    }
}
