package dev.safelight.server;

import dev.safelight.role.Roles;
import dev.safelight.role.ServerRole;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Closes the paths of the roles that this process does not have. Health and metrics are open in each.
///
/// What delivery serves is answered before it comes here, in a process that delivers.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RoleGate extends OncePerRequestFilter {
    private static final List<String> EVERYWHERE = List.of("/actuator", "/error");
    private static final List<String> DELIVERED = List.of("/media", "/images", "/skus");

    private final Roles roles;

    RoleGate(Roles roles) {
        this.roles = roles;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // Decoded as the dispatcher will see it, so that an encoded letter opens nothing.
        if (!isOpen(request.getServletPath())) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        chain.doFilter(request, response);
    }

    private boolean isOpen(String path) {
        if (isBelow(path, EVERYWHERE)) {
            return true;
        }
        return isBelow(path, DELIVERED) ? roles.has(ServerRole.DELIVERY) : roles.has(ServerRole.API);
    }

    private static boolean isBelow(String path, List<String> roots) {
        return roots.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }
}
