package dev.safelight.web;

import dev.safelight.access.SessionPath;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Ends requests that failed outside of a controller, such as in a filter that asks the database who is calling.
///
/// The container would write their whole path into the log, and some paths hold the secret of an upload session.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class AnswerFailures extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerFailures.class);

    private final ProblemWriter writer;

    AnswerFailures(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (RuntimeException | ServletException failed) {
            String path = SessionPath.withoutToken(request.getRequestURI());
            if (response.isCommitted() || !isOutage(failed)) {
                // The container answers, or cuts an answer that has begun; here it is only written down.
                LOG.error("A defect ended {} {}", request.getMethod(), path, failed);
                throw failed;
            }
            LOG.warn("Answering 503 to {} {}: the database failed", request.getMethod(), path, failed);
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            writer.write(response, Problem.of(HttpStatus.SERVICE_UNAVAILABLE, ProblemAdvice.NO_DATABASE));
        }
    }

    private static boolean isOutage(Throwable failed) {
        return DatabaseOutage.is(failed) || (failed.getCause() != null && isOutage(failed.getCause()));
    }
}
