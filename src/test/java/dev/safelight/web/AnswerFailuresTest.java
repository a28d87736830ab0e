package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.safelight.testing.CapturedLog;
import dev.safelight.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Requests that fail before a controller hears of them.
class AnswerFailuresTest {
    private final TestServer server = TestServer.shared();

    private JsonNode session() throws Exception {
        return TestServer.json(server.post("/v1/upload-sessions", "{\"space\":\"product\"}"));
    }

    private HttpResponse<String> ask(JsonNode session) throws Exception {
        return TestServer.send(HttpRequest.newBuilder(
                server.url("/v1/uppy/" + session.path("token").asString() + "/uploads/x")));
    }

    @Test
    void withoutADatabaseTheyAreToldToComeAgainAndTheLogKeepsNoSecret() throws Exception {
        JsonNode session = session();
        String key = TestServer.json(server.post("/v1/keys", "{\"name\":\"u\",\"roles\":[\"viewer\"]}"))
                .path("token")
                .asString();
        List<Connection> all = new ArrayList<>();
        try (CapturedLog log = new CapturedLog()) {
            HikariDataSource pool = server.bean(HikariDataSource.class);
            // One is taken for good: it listens to what other processes change. Who has others gives them back soon.
            int free = pool.getMaximumPoolSize() - 1;
            for (int i = 0; i < free; i++) {
                all.add(pool.getConnection());
            }
            HttpResponse<String> bySession = ask(session);
            HttpResponse<String> byKey = TestServer.send(
                    HttpRequest.newBuilder(server.url("/v1/assets")).header("Authorization", "Bearer " + key));

            for (HttpResponse<String> answer : List.of(bySession, byKey)) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
            }
            assertThat(log.text()).contains("/v1/uppy/…/uploads/x").doesNotContain(secretOf(session));
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
    }

    private static String secretOf(JsonNode session) {
        return session.path("token").asString().substring("us_".length() + 32 + 1);
    }

    @Test
    void aDefectIsWrittenDownWithoutTheSecret() throws Exception {
        JsonNode session = session();
        JdbcClient jdbc = server.bean(JdbcClient.class);
        jdbc.sql("alter table upload_session rename to away").update();
        try (CapturedLog log = new CapturedLog()) {
            HttpResponse<String> answer = ask(session);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(log.text())
                    .contains("A defect ended GET /v1/uppy/…/uploads/x")
                    .doesNotContain(secretOf(session));
        } finally {
            jdbc.sql("alter table away rename to upload_session").update();
        }
    }
}
