package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Versions of an asset and limits of keys, through the command line of the packaged jar.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class VersionsIT {
    private static final int NOT_AS_IT_SHOULD = 1;
    private static final int USAGE = 2;
    private static final int REFUSED = 4;

    private final SafelightProcess server;
    private final ApiUser admin;

    @TempDir
    Path folder = Path.of("");

    VersionsIT(SafelightProcess server, ApiUser admin) {
        this.server = server;
        this.admin = admin;
    }

    private Command run(String... arguments) {
        List<String> all = Stream.concat(
                        Stream.of(arguments), Stream.of("--data", server.data().toString()))
                .toList();
        return Command.run(all.toArray(String[]::new));
    }

    private String upload(byte[] jpeg) {
        return admin.upload(UploadOrder.jpeg("first.jpg", jpeg.length), jpeg)
                .path("id")
                .asString();
    }

    /// Uploads the next version of an asset and waits until it is READY.
    private void uploadTo(String asset, int version, byte[] jpeg) {
        Grant grant = admin.grant(UploadOrder.jpeg("next.jpg", jpeg.length).with("assetId", asset));
        assertThat(grant.assetId()).isEqualTo(asset);
        admin.sendForm(grant, jpeg).expect(201);
        JsonNode end = admin.awaitEnd(grant);
        assertThat(end.path("status").asString()).isEqualTo("READY");
        assertThat(end.path("version").asInt()).isEqualTo(version);
    }

    private int deliveredBytes(String asset) {
        return admin.anonymous()
                .get("/images/" + asset + "?width=160", "Accept", "image/jpeg")
                .expect(200)
                .bytes()
                .length;
    }

    @Test
    void goesBackToAnOlderVersionAndForwardAgain() {
        String id = upload(Pictures.jpeg(160, 100));
        int first = deliveredBytes(id);
        uploadTo(id, 2, Pictures.jpeg(160, 400));
        int second = deliveredBytes(id);
        assertThat(second).isNotEqualTo(first);

        Command versions = run("asset", "versions", id);
        assertThat(versions.exitCode()).as(versions.err()).isZero();
        assertThat(versions.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("* v2 ").contains("READY", "approved", "next.jpg"),
                        line -> assertThat(line).startsWith("  v1 ").contains("READY", "approved", "first.jpg"));
        assertThat(run("asset", "versions", id, "--json")
                        .json()
                        .at("/versions/1/sha256")
                        .asString())
                .hasSize(64);

        Command back = run("asset", "rollback", id);
        assertThat(back.exitCode()).as(back.err()).isZero();
        assertThat(back.out()).contains("version 1 of 2");
        assertThat(deliveredBytes(id)).isEqualTo(first);

        Command further = run("asset", "rollback", id);
        assertThat(further.exitCode()).isEqualTo(NOT_AS_IT_SHOULD);
        assertThat(further.messages()).singleElement().asString().contains("no version before");
        assertThat(run("asset", "rollback", id, "--version", "7").exitCode()).isEqualTo(REFUSED);
        assertThat(run("asset", "rollback", id, "--version", "0").exitCode()).isEqualTo(USAGE);

        JsonNode forward =
                run("asset", "rollback", id, "--version", "2", "--json").json();
        assertThat(forward.path("version").asInt()).isEqualTo(2);
        assertThat(deliveredBytes(id)).isEqualTo(second);
    }

    @Test
    void limitsWhatAKeyMayUpload() throws Exception {
        Command created = run(
                "key",
                "create",
                "limited",
                "--role",
                "uploader",
                "--spaces",
                "user",
                "--types",
                "image/png,image/jpeg",
                "--max-bytes",
                "10MB",
                "--max-pixels",
                "5000000",
                "--max-duration",
                "5m",
                "--quota",
                "2GB",
                "--grants-per-minute",
                "30",
                "--json");
        assertThat(created.exitCode()).as(created.err()).isZero();
        JsonNode limits = created.json().path("limits");
        assertThat(limits.path("maxBytes").asLong()).isEqualTo(10 << 20);
        assertThat(limits.path("maxDuration").asLong()).isEqualTo(300);
        String id = created.json().path("id").asString();

        assertThat(run("key", "list").out().lines().filter(line -> line.startsWith(id)))
                .singleElement()
                .asString()
                .endsWith("limited  uploader  spaces=user types=image/jpeg,image/png maxBytes=10485760"
                        + " maxPixels=5000000 maxDuration=300s quota=2147483648 grantsPerMinute=30");
        Path key = Files.writeString(
                folder.resolve("limited.key"), created.json().path("token").asString());
        Path picture = Files.write(folder.resolve("a.jpg"), Pictures.jpeg(30, 20));
        Command refused = run("upload", picture.toString(), "--key-file", key.toString());
        assertThat(refused.exitCode()).isEqualTo(REFUSED);
        assertThat(refused.err()).contains("product");
        Command unknown = run("key", "create", "x", "--role", "uploader", "--spaces", "moon");
        assertThat(unknown.exitCode()).isEqualTo(REFUSED);
        assertThat(unknown.err()).contains("product, user, marketing");
    }
}
