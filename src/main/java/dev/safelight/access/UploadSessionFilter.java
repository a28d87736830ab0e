package dev.safelight.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;

/// Reads the token in `/v1/uppy/{token}/…` and makes the session's holder the caller of the request.
///
/// It stands in the path because Uppy sends no header of its own to a Companion, and `EventSource` none at all.
final class UploadSessionFilter extends OncePerRequestFilter {
    private final UploadSessions sessions;
    private final AuthenticationEntryPoint refuse;

    UploadSessionFilter(UploadSessions sessions, AuthenticationEntryPoint refuse) {
        this.sessions = sessions;
        this.refuse = refuse;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !SessionPath.isBelow(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Referrer-Policy", "no-referrer");
        var caller = sessions.authenticate(SessionPath.token(request));
        if (caller.isEmpty()) {
            refuse.commence(request, response, new BadCredentialsException("unknown or ended upload session"));
            return;
        }
        ApiKeyFilter.enter(caller.get());
        chain.doFilter(request, response);
    }
}
