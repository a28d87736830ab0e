package dev.safelight.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/// Reads `Authorization: Bearer …` and makes the key's holder the caller of the request.
final class ApiKeyFilter extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final ApiKeys keys;
    private final AuthenticationEntryPoint refuse;

    ApiKeyFilter(ApiKeys keys, AuthenticationEntryPoint refuse) {
        this.keys = keys;
        this.refuse = refuse;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return SessionPath.isBelow(request) || HookPath.is(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader("Authorization");
        if (header == null) {
            chain.doFilter(request, response);
            return;
        }
        var caller = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? keys.authenticate(header.substring(SCHEME.length()).strip())
                : Optional.<Caller>empty();
        if (caller.isEmpty()) {
            refuse.commence(request, response, new BadCredentialsException("unknown, revoked or malformed API key"));
            return;
        }
        enter(caller.get());
        chain.doFilter(request, response);
    }

    /// Makes somebody the caller of this thread's request.
    static void enter(Caller caller) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        var token = new PreAuthenticatedAuthenticationToken(caller, "", AuthorityUtils.NO_AUTHORITIES);
        token.setAuthenticated(true);
        context.setAuthentication(token);
        SecurityContextHolder.setContext(context);
    }
}
