package dev.safelight.web;

import dev.safelight.access.HookPath;
import dev.safelight.access.SessionPath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectMapper;

/// Answers with a problem where no controller is involved: at the doors of the security filters.
@Component
final class ProblemWriter implements AuthenticationEntryPoint, AccessDeniedHandler {
    private final ObjectMapper json;

    ProblemWriter(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
            throws IOException {
        response.setHeader("WWW-Authenticate", "Bearer realm=\"safelight\"");
        write(response, Problem.of(HttpStatus.UNAUTHORIZED, whatIsNeeded(request)));
    }

    private static String whatIsNeeded(HttpServletRequest request) {
        if (SessionPath.isBelow(request)) {
            return "This upload session is unknown or has ended. Ask for a new one with an API key.";
        }
        if (HookPath.is(request)) {
            return "One of safelight.events.webhook.secrets is needed: send it as \"Authorization: Bearer …\""
                    + " or as the password of \"Basic\".";
        }
        return request.getHeader("Authorization") == null
                ? "An API key is needed: send it as \"Authorization: Bearer sl_…\"."
                : "The API key is malformed, unknown or revoked.";
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        write(response, Problem.of(HttpStatus.FORBIDDEN, "The API key does not have a role that allows this."));
    }

    void write(HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setHeader("Cache-Control", CacheRule.NEVER);
        Long retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, retryAfter.toString());
        }
        response.getOutputStream().write(json.writeValueAsBytes(problem));
    }
}
