package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.RawHttp;
import dev.safelight.testing.TestServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server itself refuses, before there is a controller.
class ServerErrorTest {
    private final TestServer server = TestServer.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/assets/%00",
                "/v1/assets/%ff",
                "/v1/assets/..%2f..",
                "/%zz",
                "/v1/..%2f",
                "/v1/%2e%2e/assets",
                "/v1//assets",
                "/v1;x=/assets",
                "/v1/../../assets",
                "/media/%00",
                "/media/%zz",
                "/v1/assets?cursor=%00",
                "/v1/assets?%00=1",
                "/v1/assets?status=%ff"
            })
    void malformedAddressesGetProblems(String address) throws Exception {
        for (String method : List.of("GET", "HEAD", "POST", "PURGE", "TRACE")) {
            RawHttp.Answer answer = RawHttp.exchange(
                    server.url("/").getPort(), method, address, "Authorization: Bearer " + server.adminKey());
            assertThat(answer.status()).as(method).isEqualTo(400);
            assertThat(answer.fields())
                    .containsEntry("content-type", "application/problem+json")
                    .containsEntry("cache-control", "no-store");
            if (!method.equals("HEAD")) {
                assertThat(answer.text())
                        .contains("\"type\":\"urn:safelight:problem:bad-request\"", "\"status\":400", "\"detail\"");
            }
        }
    }
}
