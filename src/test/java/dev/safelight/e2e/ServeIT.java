package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The life of a server process: who may start, what it leaves behind, what the next one finds.
@ExtendWith(ShowServerLog.class)
class ServeIT {
    @TempDir
    Path folder = Path.of("");

    @Test
    void keepsEverythingOverARestartAndLeavesNothingRunning() throws IOException {
        Path data = folder.resolve("data");
        byte[] picture = Pictures.jpeg(200, 100);
        String key;
        JsonNode asset;
        try (SafelightProcess server = SafelightProcess.serve(data);
                ApiUser admin = server.admin()) {
            JsonNode run = JsonMapper.shared().readTree(server.runFile());
            assertThat(run.path("url").asString()).isEqualTo(server.url().toString());
            assertThat(run.path("pid").asLong()).isEqualTo(server.pid());
            key = server.adminKey();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("admin.key"))))
                    .isEqualTo("rw-------");
            refusesASecondServer(server);
            asset = admin.upload(UploadOrder.jpeg("kept.jpg", picture.length), picture);

            assertThat(server.stop()).as("the exit code after SIGTERM").isEqualTo(143);
            assertThat(server.database().process())
                    .as("the database after SIGTERM")
                    .isEmpty();
            assertThat(data.resolve("run.json")).doesNotExist();
            assertThat(server.log()).doesNotContain(key).doesNotContain("\tat ");
        }
        try (SafelightProcess server = SafelightProcess.serve(data);
                ApiUser admin = server.admin()) {
            assertThat(server.adminKey()).isEqualTo(key);
            JsonNode kept = admin.asset(asset.path("id").asString());
            assertThat(kept.path("status").asString()).isEqualTo("READY");
            String path = java.net
                    .URI
                    .create(asset.path("variants").path(0).path("url").asString())
                    .getPath();
            assertThat(admin.get(path).expect(200).bytes())
                    .hasSize(asset.path("variants").path(0).path("bytes").asInt());
        }
    }

    private static void refusesASecondServer(SafelightProcess server) {
        Command second =
                Command.run("serve", "--port", "0", "--data", server.data().toString());

        assertThat(second.exitCode()).isEqualTo(4);
        assertThat(second.messages())
                .singleElement()
                .asString()
                .contains(server.url().toString(), server.data().toString(), "--data");
        assertThat(server.isAlive()).isTrue();
        assertThat(server.database().process()).isPresent();
        assertThat(server.runFile()).contains(Long.toString(server.pid()));
    }

    @Test
    void saysWhichPortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            try (SafelightProcess server =
                    SafelightProcess.launch(folder.resolve("data"), Map.of(), "--port", port, "--s3-port", "0")) {
                assertThat(server.awaitEnd(Duration.ofSeconds(60))).isEqualTo(3);
                assertThat(server.log().lines().filter(line -> line.startsWith("safelight: ")))
                        .singleElement()
                        .asString()
                        .contains(port, "in use", "--port");
                assertThat(server.log()).doesNotContain("\tat ");
                assertThat(server.database().process()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unsigned: maybe | safelight.transform.unsigned must be one of ladder, presets, none, any, not \"maybe\"",
                "widths: [abc] | safelight.transform.widths[0] must be a whole number, not \"abc\"",
                "max-sides: 100 | safelight.transform.max-sides is no setting. Below safelight.transform there are: ",
                "widths: [ | a file of settings is no YAML: "
            })
    void saysInOneSentenceWhatIsWrongWithASetting(String line, String sentence) throws IOException {
        Command serve = Command.run(
                settings("safelight:\n  transform:\n    " + line + "\n"),
                "serve",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());

        assertThat(serve.exitCode()).as(serve.err()).isEqualTo(2);
        assertThat(serve.messages()).singleElement().asString().startsWith("safelight: " + sentence);
        assertThat(serve.err()).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "SAFELIGHT_EMBEDDED_ORIGINS, https://shop.example, safelight.embedded.origins is now called safelight.upload.origins.",
        "SAFELIGHT_UPLOAD_ORIGINS, *, safelight.upload.origins must hold exact origins",
        "SAFELIGHT_S3_ENDPOINT, nonsense, safelight.s3.endpoint must be an address such as https://",
        "SAFELIGHT_S3_BUCKETS_RAW, media, safelight.s3.buckets is for a service that safelight.s3.endpoint names",
        "SPRING_DATASOURCE_URL, postgres://u:secret@h/x, spring.datasource.url must have the form jdbc:postgresql://",
        "SPRING_DATASOURCE_USERNAME, u, spring.datasource.username is for a database that spring.datasource.url names"
    })
    void saysWhatIsWrongWithAVariable(String variable, String value, String sentence) {
        Command serve = Command.run(
                Map.of(variable, value),
                "serve",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());

        assertThat(serve.exitCode()).as(serve.err()).isEqualTo(2);
        assertThat(serve.messages()).singleElement().asString().startsWith("safelight: " + sentence);
    }

    @Test
    void saysWhichDatabaseCannotBeReached() {
        Command serve = Command.run(
                Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:1/x"),
                "serve",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString());

        assertThat(serve.exitCode()).as(serve.err()).isEqualTo(3);
        assertThat(serve.messages())
                .singleElement()
                .asString()
                .contains("the database at 127.0.0.1:1 cannot be reached", "see spring.datasource.url.");
        assertThat(serve.err()).doesNotContain("\tat ");
    }

    @Test
    void takesSettingsOfAllShapesFromAFile() throws IOException {
        String text = """
                safelight:
                  public-url: https://media.example
                  s3:
                  upload.origins: [https://shop.example]
                  upload.policies.user: {types: [jpeg], maxBytes: 1MB}
                  image:
                    prune: true
                    profile: [{name: tiny, format: webp, width: 50}]
                    mezzanine.sizes: [640]
                  transform:
                    widths: [100, 200]
                    presets: {card: width=200, "a/b": width=100}
                    qualities.webp: 70
                    remote.hosts: ["*.example.com"]
                """;
        Map<String, String> environment = new HashMap<>(settings(text));
        environment.put("SAFELIGHT_TRANSFORM_WIDTHS", "300");
        environment.put("SAFELIGHT_OF_ANOTHER_PROGRAM", "x");
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"), environment)) {
            assertThat(server.isAlive()).isTrue();
        }
    }

    private Map<String, String> settings(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("settings.yaml"), text);
        return Map.of("SPRING_CONFIG_ADDITIONAL_LOCATION", file.toUri().toString());
    }

    @Test
    void refusesADataFolderThatIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Command serve = Command.run("serve", "--port", "0", "--data", file.toString());

        assertThat(serve.exitCode()).isEqualTo(2);
        assertThat(serve.messages()).singleElement().asString().contains(file.toString());
    }
}
