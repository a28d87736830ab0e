package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.RawHttp;
import dev.safelight.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonOnlyTest {
    private final TestServer server = TestServer.shared();

    /// What a server takes from the network at a time, so that nothing of a shorter body is on its way.
    private static final int ONE_READ = 8 << 10;

    @ParameterizedTest
    @ValueSource(strings = {"text/xml", "application/xml", "application/yaml", "application/cbor"})
    void refusesBodiesThatAreNotJson(String type) throws Exception {
        var answer = TestServer.send(server.request("/v1/uploads")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("<r><fileName>a.jpg</fileName></r>")));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/xml", "application/yaml"})
    void answersInJsonOrNotAtAll(String type) throws Exception {
        var answer = TestServer.send(server.request("/v1/assets").header("Accept", type));

        assertThat(answer.statusCode()).isEqualTo(406);
    }

    @Test
    void refusesFormsOfAnyKindWithoutReadingThem() throws Exception {
        String session = TestServer.json(server.post("/v1/upload-sessions", "{\"space\":\"product\"}"))
                .path("token")
                .asString();
        StringBuilder fields = new StringBuilder("a=1");
        for (int i = 0; i < 3000; i++) {
            fields.append("&f").append(i).append("=1");
        }
        for (String path : List.of("/v1/uppy/" + session + "/store/" + new UUID(1, 1), "/v1/uploads")) {
            for (String body : List.of("%", "a=%ff", "uploads", "x=" + "y".repeat(1_500_000), fields.toString())) {
                for (String method : List.of("POST", "DELETE")) {
                    HttpResponse<String> answer;
                    // A connection of its own: the server ends one whose body it did not read.
                    try (HttpClient client = HttpClient.newHttpClient()) {
                        answer = client.send(
                                server.request(path)
                                        .header("Content-Type", "Application/X-WWW-form-urlencoded; charset=UTF-8")
                                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                    } catch (IOException cut) {
                        // It may do so while some of the body is still on its way.
                        assertThat(body.length()).isGreaterThan(ONE_READ);
                        continue;
                    }
                    assertThat(answer.statusCode())
                            .as("%s %s with %d", method, path, body.length())
                            .isIn(413, 415);
                    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
                }
            }
        }
    }

    @Test
    void takesACallWithoutABodyWhateverItsTypeWouldBe() throws Exception {
        var answer = TestServer.send(server.request("/v1/uploads/" + new UUID(1, 1) + "/complete")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void tellsWhoSendsAMalformedBodySo() throws Exception {
        try (RawHttp http = RawHttp.connect(server.url("/").getPort())) {
            http.send(
                    "POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + server.adminKey()
                            + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n");

            assertThat(http.receive(false).status()).isEqualTo(400);
        }
    }
}
