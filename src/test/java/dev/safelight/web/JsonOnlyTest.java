package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestServer;
import java.net.http.HttpRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonOnlyTest {
    private final TestServer server = TestServer.shared();

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
}
