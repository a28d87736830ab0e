package dev.safelight.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Closes the paths of the roles that this process does not have.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RoleGate extends OncePerRequestFilter {
    private final ServerSettings.Roles roles;

    RoleGate(ServerSettings settings) {
        this.roles = settings.roles();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // Decoded as the dispatcher will see it, so that an encoded letter opens nothing.
        String path = request.getServletPath();
        boolean closed = (path.startsWith("/v1/") && !roles.api()) || (path.startsWith("/media/") && !roles.delivery());
        if (closed) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        chain.doFilter(request, response);
    }
}
