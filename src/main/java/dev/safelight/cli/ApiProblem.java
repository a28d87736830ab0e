package dev.safelight.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// An error answer of the API.
public final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String reason;
    private final @Nullable Duration retryAfter;

    private ApiProblem(int status, @Nullable String reason, String detail, @Nullable Duration retryAfter) {
        super(detail);
        this.status = status;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    static ApiProblem of(int status, String body, @Nullable Duration retryAfter) {
        try {
            return of(status, Json.MAPPER.readTree(body), retryAfter);
        } catch (JacksonException notJson) {
            return new ApiProblem(
                    status, null, "the server answered " + status + " without an explanation", retryAfter);
        }
    }

    /// A problem that stands inside of another answer, and holds what else a header would say.
    public static ApiProblem of(JsonNode problem) {
        int seconds = problem.path("retryAfter").asInt(-1);
        Duration wish = seconds < 0 ? null : Duration.ofSeconds(seconds);
        return of(problem.path("status").asInt(500), problem, wish);
    }

    private static ApiProblem of(int status, JsonNode problem, @Nullable Duration retryAfter) {
        String detail = problem.path("detail").asString("the server answered " + status);
        return new ApiProblem(status, Json.textOrNull(problem, "reason"), detail, retryAfter);
    }

    public int status() {
        return status;
    }

    public @Nullable String reason() {
        return reason;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    /// How long the server asks to wait.
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /// Whether the key is unknown or may not do this, which is the same for all that is asked with it.
    public boolean isAboutKey() {
        return status == 401 || status == 403;
    }

    /// Whether the same request may well succeed later.
    public boolean isPassing() {
        return status == 408 || status == 429 || status >= 500;
    }

    int exitCode() {
        return isPassing() ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
    }
}
