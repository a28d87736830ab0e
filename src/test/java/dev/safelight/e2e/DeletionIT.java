package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Deletion, erasure and usage through the packaged jar.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class DeletionIT {
    private static final byte[] JPEG = Pictures.jpeg(160, 100);

    private final SafelightProcess server;
    private final ApiUser admin;

    DeletionIT(SafelightProcess server, ApiUser admin) {
        this.server = server;
        this.admin = admin;
    }

    private Command run(String... arguments) {
        List<String> all = Stream.concat(
                        Stream.of(arguments), Stream.of("--data", server.data().toString()))
                .toList();
        return Command.run(all.toArray(String[]::new));
    }

    @Test
    void deletesRestoresErasesAndCounts() {
        String account = "it-" + UUID.randomUUID();
        JsonNode asset = admin.upload(UploadOrder.jpeg("a.jpg", JPEG.length).with("account", account), JPEG);
        String id = asset.path("id").asString();
        String url = asset.at("/variants/0/url").asString();
        admin.anonymous().get(url).expect(200);

        Command deleted = run("asset", "delete", "--yes", id);
        assertThat(deleted.exitCode()).as(deleted.err()).isZero();
        admin.anonymous().get(url).expect(404);
        assertThat(run("asset", "list", "--deleted", "--account", account).out())
                .contains(id);
        Command half = run("asset", "restore", "--json", id, "0199d3a4-5b6c-7d8e-9f00-112233445566");
        assertThat(half.exitCode()).isEqualTo(1);
        assertThat(half.json().at("/assets/0/restored").asBoolean()).isTrue();
        assertThat(half.json().at("/assets/1/status").asInt()).isEqualTo(404);
        admin.anonymous().get(url).expect(200);

        admin.send("DELETE", "/v1/accounts/" + account, BodyPublishers.noBody()).expect(202);
        admin.anonymous().get(url).expect(404);
        JsonNode erasure = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> admin.get("/v1/accounts/" + account + "/erasure")
                                .expect(200)
                                .json(),
                        one -> one.path("state").asString().equals("finished"));
        assertThat(erasure.path("assets").asInt()).isEqualTo(1);
        assertThat(admin.asset(id).path("fileName").asString()).isEqualTo("erased");

        Command csv = run("usage", "--csv");
        assertThat(csv.exitCode()).as(csv.err()).isZero();
        assertThat(csv.out()).startsWith("period,space,feature,").contains(",product,raw,");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                run("usage", "--json").json().path("lines").valueStream())
                        .anySatisfy(line -> {
                            assertThat(line.path("feature").asString()).isEqualTo("variants");
                            assertThat(line.path("requests").asLong()).isPositive();
                            assertThat(line.path("egressBytes").asLong()).isPositive();
                        }));
        assertThat(run("usage", "--from", "yesterday").exitCode()).isEqualTo(4);
    }
}
