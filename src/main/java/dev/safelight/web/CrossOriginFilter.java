package dev.safelight.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets pages of the configured origins use what uploads need of the API, and nothing else of it.
///
/// It comes before all that may refuse a request: without these headers a page cannot read why it was
/// refused. An unknown origin gets an answer without them, which its browser keeps from the page; there are
/// no cookies to abuse.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
final class CrossOriginFilter extends OncePerRequestFilter {
    private static final List<String> PATHS = List.of("/v1/uploads", "/v1/uppy", "/v1/upload-sessions");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "DELETE");
    private static final String SENT = "Authorization, Cache-Control, Content-Type, Idempotency-Key, Last-Event-ID";
    private static final String EXPOSED = "ETag, Location, Retry-After";

    private final Set<String> origins;
    private final ProblemWriter writer;

    CrossOriginFilter(
            UploadOrigins origins, @Value("${safelight.public-url:}") String publicUrl, ProblemWriter writer) {
        this.origins = origins.and(publicUrl);
        this.writer = writer;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getServletPath();
        return PATHS.stream().noneMatch(one -> path.equals(one) || path.startsWith(one + "/"));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        boolean allowed = origin != null && origins.contains(origin);
        if (allowed) {
            response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.setHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
        String method = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        if (origin != null && method != null && request.getMethod().equals("OPTIONS")) {
            preflight(allowed, method, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void preflight(boolean allowed, String method, HttpServletResponse response) throws IOException {
        if (!allowed) {
            writer.write(
                    response,
                    Problem.of(
                            HttpStatus.FORBIDDEN,
                            "Pages of this origin may not upload: it is not among safelight.upload.origins."));
            return;
        }
        if (!METHODS.contains(method)) {
            writer.write(
                    response,
                    Problem.of(
                            HttpStatus.FORBIDDEN,
                            "Pages of other origins may use GET, HEAD, POST and DELETE here, and no other method."));
            return;
        }
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, DELETE");
        response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, SENT);
        response.setHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "3600");
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
