package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class ImageHealthTest {
    private final TestServer server = TestServer.shared();

    @Test
    void aProcessWhoseNativeThreadsComeBackIsAlive() throws Exception {
        HttpResponse<String> answer = server.get("/actuator/health/liveness");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("UP");
    }
}
