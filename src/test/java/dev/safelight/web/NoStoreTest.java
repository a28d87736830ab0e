package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestServer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever nobody said otherwise about stays out of caches.
class NoStoreTest {
    private final TestServer server = TestServer.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/keys",
                "/v1/jobs/dead",
                "/v1/openapi",
                "/v1/openapi.yaml",
                "/v1/unknown",
                "/actuator/health",
                "/actuator/prometheus",
                "/"
            })
    void answersOfTheApiAreNotKept(String path) throws Exception {
        assertThat(server.get(path).headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(TestServer.send(server.request(path).HEAD()).headers().allValues("Cache-Control"))
                .containsExactly("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/assets", "/v1/keys"})
    void refusalsAreNotKept(String path) throws Exception {
        var answer = TestServer.send(server.request(path).DELETE());
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    }

    @Test
    void whatControllersSayStays() throws Exception {
        assertThat(server.get("/v1/assets").headers().allValues("Cache-Control"))
                .containsExactly("no-store, private");
        assertThat(server.get("/v1/uploads/" + UUID.randomUUID()).headers().allValues("Cache-Control"))
                .containsExactly("no-store");
    }
}
