package dev.safelight.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An HTTP answer with its whole body.
public record Reply(HttpResponse<byte[]> response) {
    public int status() {
        return response.statusCode();
    }

    public byte[] bytes() {
        return response.body();
    }

    public String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return JsonMapper.shared().readTree(response.body());
    }

    /// The value of a header, or nothing at all.
    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    public Reply expect(int status) {
        assertThat(status())
                .as("%s %s: %s", response.request().method(), response.uri(), text())
                .isEqualTo(status);
        return this;
    }

    /// Holds the answer against what every error must be: a problem (RFC 9457) that says something to its reader.
    public Reply expectProblem(int status) {
        expect(status);
        assertThat(header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = json();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asString("")).startsWith("urn:safelight:problem:");
        assertThat(problem.path("title").asString("")).isNotBlank();
        assertThat(problem.path("detail").asString(""))
                .as("the detail of %s", text())
                .isNotBlank()
                .doesNotContain("Exception", "dev.safelight", "java.");
        return this;
    }

    /// What a problem says about this very request.
    public String detail() {
        return json().path("detail").asString("");
    }
}
