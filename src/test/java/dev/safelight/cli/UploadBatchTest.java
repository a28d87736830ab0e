package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.safelight.cli.ApiClient.ApiProblem;
import dev.safelight.cli.FileUpload.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadBatchTest {
    @TempDir
    Path folder = Path.of("");

    private final HttpServer server;

    UploadBatchTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    /// Below a path, as behind a proxy. What happens to a file is decided by its name.
    @BeforeEach
    void serve() {
        server.createContext("/app/v1/uploads", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/uploads")) {
                grant(exchange, Json.MAPPER.readTree(body).path("fileName").asString());
            } else {
                String status = path.endsWith("slow.jpg") ? "PROCESSING" : "READY";
                answer(exchange, 200, "{\"assetId\":\"asset\",\"status\":\"%s\"}".formatted(status));
            }
        });
        server.createContext("/store", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, exchange.getRequestURI().getPath().endsWith("denied.jpg") ? 403 : 201, "<Error/>");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void grant(HttpExchange exchange, String name) throws IOException {
        switch (name) {
            case "wrong-key.jpg" -> answer(exchange, 401, "{\"detail\":\"the key is unknown\"}");
            case "malformed.jpg" -> answer(exchange, 400, "{\"detail\":\"the name is malformed\"}");
            case "large.jpg" -> answer(exchange, 413, "{\"detail\":\"too much\",\"reason\":\"too-large\"}");
            case "broken.jpg" -> answer(exchange, 500, "{\"detail\":\"something broke\"}");
            default ->
                answer(
                        exchange,
                        201,
                        "{\"uploadId\":\"%s\",\"assetId\":\"asset\",\"grant\":{\"url\":\"%s\",\"fields\":{}}}"
                                .formatted(name, url("/store/" + name)));
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private URI url(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    private List<Outcome> upload(String... names) throws IOException, InterruptedException {
        List<Path> files = new java.util.ArrayList<>();
        for (String name : names) {
            files.add(Files.writeString(folder.resolve(name), name));
        }
        try (ApiClient api = new ApiClient(url("/app"), "key")) {
            return new UploadBatch(new FileUpload(api, "product", Duration.ZERO), 2, false).run(files);
        }
    }

    @Test
    void tellsTheOutcomeOfEachFileInOrder() throws Exception {
        List<Outcome> outcomes =
                upload("malformed.jpg", "good.jpg", "large.jpg", "broken.jpg", "denied.jpg", "slow.jpg", "fine.jpg");

        assertThat(outcomes)
                .extracting(Outcome::status)
                .containsExactly("REJECTED", "READY", "REJECTED", "FAILED", "FAILED", "FAILED", "READY");
        assertThat(outcomes)
                .extracting(Outcome::reason)
                .containsExactly("refused", null, "too-large", "internal", "refused", "timeout", null);
        assertThat(outcomes)
                .extracting(Outcome::assetId)
                .containsExactly(null, "asset", null, null, "asset", "asset", "asset");
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.isReady())
                .allSatisfy(outcome -> assertThat(outcome.detail()).isNotBlank());
        assertThat(outcomes.getFirst().file())
                .isEqualTo(folder.resolve("malformed.jpg").toString());
    }

    @Test
    void stopsForAKeyThatIsWrongForAllFiles() {
        assertThatExceptionOfType(ApiProblem.class)
                .isThrownBy(() -> upload("wrong-key.jpg", "good.jpg"))
                .withMessage("the key is unknown");
    }

    @Test
    void failsOneFileThatIsGoneSinceTheStart() throws Exception {
        try (ApiClient api = new ApiClient(url("/app"), "key")) {
            Outcome outcome = new FileUpload(api, "product", Duration.ZERO).run(folder.resolve("gone.jpg"), sent -> {});

            assertThat(outcome.status()).isEqualTo("FAILED");
            assertThat(outcome.reason()).isEqualTo("unreadable");
        }
    }

    @Test
    void describesItselfWithoutTheKey() {
        try (ApiClient api = new ApiClient(url("/app"), "s3cret")) {
            assertThat(api).asString().doesNotContain("s3cret");
        }
    }
}
