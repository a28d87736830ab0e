package dev.safelight.web;

import dev.safelight.access.HookPath;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses bodies that are forms. The container would take their fields for parameters of the query, past the
/// limit of bodies, and fail at malformed ones as if by a defect.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 11)
final class RefuseForms extends OncePerRequestFilter {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final ProblemWriter writer;

    RefuseForms(ProblemWriter writer) {
        this.writer = writer;
    }

    /// The hook refuses them itself, once it knows who sends them.
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return HookPath.is(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isForm(request.getContentType()) && hasBody(request)) {
            response.setHeader("Connection", "close");
            writer.write(
                    response,
                    Problem.of(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            "Forms are not read here: send the body as application/json, or as application/xml"
                                    + " where Uppy speaks the protocol of S3."));
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isForm(@Nullable String type) {
        return type != null && type.strip().toLowerCase(Locale.ROOT).startsWith(FORM);
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }
}
