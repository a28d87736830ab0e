package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The command line as people and scripts use it.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class CliIT {
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;
    private static final int REFUSED = 4;

    @TempDir
    Path folder = Path.of("");

    private final String data;

    CliIT(SafelightProcess server) {
        this.data = server.data().toString();
    }

    @Test
    void listsItsCommandsAndExitCodes() {
        Command help = Command.run("help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("serve", "upload", "asset", "demo", "doctor", "version", "Exit codes:");
        assertThat(help.err()).isEmpty();
        assertThat(Command.run("help", "upload").out()).contains("--parallel", "--space", "--json");
    }

    @Test
    void tellsThatNothingHasToBeMadeAgain() throws IOException {
        Path photo = Files.write(folder.resolve("again.jpg"), Pictures.jpeg(300, 200));
        String id = Command.run("upload", photo.toString(), "--json", "--data", data)
                .json()
                .at("/assets/0/assetId")
                .asString();

        Command one = Command.run("asset", "reprocess", id, "--json", "--data", data);
        Command all = Command.run("asset", "reprocess", "--all", "--space", "product", "--dry-run", "--data", data);
        Command unknown = Command.run("asset", "reprocess", "0199d3a4-5b6c-7d8e-9f00-112233445566", "--data", data);

        assertThat(one.exitCode()).as(one.err()).isZero();
        assertThat(one.json().path("examined").asInt()).isEqualTo(1);
        assertThat(one.json().path("needed").asInt(-1)).isZero();
        assertThat(one.json().path("state").asString()).isEqualTo("DONE");
        assertThat(all.exitCode()).as(all.err()).isZero();
        assertThat(all.out()).startsWith("Would make 0 variants of 0 of ");
        assertThat(unknown.exitCode()).isEqualTo(REFUSED);
        assertThat(unknown.err()).contains("no asset");
    }

    @Test
    void tellsItsVersion() {
        JsonNode version = Command.run("version", "--json").json();

        assertThat(version.path("safelight").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(version.path("java").asString()).startsWith("25");
    }

    @Test
    void examinesTheMachineAndTheServer() {
        Command doctor = Command.run("doctor", "--json", "--data", data);

        assertThat(doctor.exitCode()).as(doctor.out()).isZero();
        JsonNode checks = doctor.json().path("checks");
        assertThat(checks.valueStream())
                .extracting(check -> check.path("name").asString())
                .contains("safelight", "libvips", "reads", "writes", "disk", "xattrs", "server");
        assertThat(checks.valueStream())
                .filteredOn(check -> check.path("name").asString().equals("server"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.path("mark").asString()).isEqualTo("ok");
                    assertThat(check.path("found").asString()).startsWith("ready at http://localhost:");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bogus",
                "serve --bogus",
                "serve --port many",
                "serve --port 70000",
                "serve --roles cook",
                "upload",
                "upload --parallel 0 x.jpg",
                "asset",
                "asset get",
                "asset list --url ftp://nowhere",
                "asset list --key-file absent.key --url http://localhost:1"
            })
    void refusesWrongUsageInOneLine(String line) {
        Command command = Command.run(line.split(" "));

        assertThat(command.exitCode()).as(command.err()).isEqualTo(USAGE);
        assertThat(command.messages()).as(command.err()).hasSize(1);
        assertThat(command.err().lines()).as("a message, perhaps with a hint").hasSizeLessThanOrEqualTo(2);
        assertThat(command.out()).isEmpty();
    }

    @Test
    void uploadsSeveralFiles() throws IOException {
        Path one = Files.write(folder.resolve("one.jpg"), Pictures.jpeg(300, 200));
        Path two = Files.write(folder.resolve("zwei ä.png"), Pictures.png(200, 300));

        Command upload = Command.run("upload", "--json", "--data", data, one.toString(), two.toString());

        assertThat(upload.exitCode()).as(upload.err()).isZero();
        assertThat(upload.err()).isEmpty();
        JsonNode assets = upload.json().path("assets");
        assertThat(assets.valueStream())
                .extracting(asset -> asset.path("status").asString())
                .containsExactly("READY", "READY");
        String id = assets.path(0).path("assetId").asString();

        JsonNode asset =
                Command.run("asset", "get", id, "--json", "--data", data).json();
        assertThat(asset.path("fileName").asString()).isEqualTo("one.jpg");
        assertThat(Command.run("asset", "get", id, "--data", data).out()).contains(id, "READY", "300×200", "% saved");
        Command list = Command.run("asset", "list", "--limit", "2", "--data", data);
        assertThat(list.out().lines()).hasSize(2);
        assertThat(list.out()).contains("zwei ä.png");
        assertThat(Command.run("asset", "list", "--json", "--status", "READY", "--data", data)
                        .json()
                        .path("assets"))
                .isNotEmpty();
    }

    @Test
    void saysWhichFileWasRejectedAndWhy() throws IOException {
        Path good = Files.write(folder.resolve("good.jpg"), Pictures.jpeg(30, 20));
        Path lie = Files.write(folder.resolve("lie.jpg"), Pictures.png(30, 20));
        Path unknown = Files.write(folder.resolve("table.xlsx"), new byte[] {1, 2, 3});

        Command upload = Command.run("upload", "--data", data, good.toString(), lie.toString(), unknown.toString());

        assertThat(upload.exitCode()).isEqualTo(1);
        assertThat(upload.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).contains("READY", "good.jpg"),
                        line -> assertThat(line).contains("REJECTED", "lie.jpg", "type-mismatch"),
                        line -> assertThat(line).contains("REJECTED", "table.xlsx", "unsupported"));
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Command upload = Command.run(
                "upload", "--data", data, folder.resolve("absent.jpg").toString());

        assertThat(upload.exitCode()).isEqualTo(USAGE);
        assertThat(upload.messages()).singleElement().asString().contains("absent.jpg");
    }

    @Test
    void advisesHowToStartAServerWhenNoneRuns() throws IOException {
        Path picture = Files.write(folder.resolve("a.jpg"), Pictures.jpeg(30, 20));

        Command unknown = Command.run("upload", picture.toString(), "--data", folder.toString());
        assertThat(unknown.exitCode()).isEqualTo(UNREACHABLE);
        assertThat(unknown.messages()).singleElement().asString().contains("safelight serve");

        Command gone = Command.run(
                Map.of("SAFELIGHT_KEY", "sl_x"), "upload", picture.toString(), "--url", "http://localhost:1");
        assertThat(gone.exitCode()).as(gone.err()).isEqualTo(UNREACHABLE);
        assertThat(gone.messages()).singleElement().asString().contains("cannot be reached");
    }

    @Test
    void passesOnWhatTheServerRefuses() throws IOException {
        Path key = Files.writeString(folder.resolve("wrong.key"), "sl_" + "0".repeat(32) + "_" + "A".repeat(43));
        Path picture = Files.write(folder.resolve("a.jpg"), Pictures.jpeg(30, 20));

        Stream.of(
                        Command.run("asset", "list", "--data", data, "--key-file", key.toString()),
                        Command.run("upload", picture.toString(), "--data", data, "--key-file", key.toString()),
                        Command.run("asset", "get", "00000000-0000-7000-8000-000000000000", "--data", data))
                .forEach(refused -> {
                    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(REFUSED);
                    assertThat(refused.messages()).hasSize(1);
                    assertThat(refused.err()).doesNotContain("Exception");
                });
    }
}
