package dev.safelight.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Opens an endpoint to callers with one of the roles that its method declares by [Allow], and to nobody else.
///
/// A path that no method serves is let through for any verified caller, so that it ends as 404 or 405.
final class EndpointRoles implements AuthorizationManager<RequestAuthorizationContext> {
    private final RequestMappingHandlerMapping endpoints;

    EndpointRoles(RequestMappingHandlerMapping endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public AuthorizationDecision authorize(
            Supplier<? extends @Nullable Authentication> authentication, RequestAuthorizationContext context) {
        Authentication current = authentication.get();
        if (current == null || !(current.getPrincipal() instanceof Caller caller)) {
            return new AuthorizationDecision(false);
        }
        Object handler = handlerOf(context.getRequest());
        if (!(handler instanceof HandlerMethod method)) {
            return new AuthorizationDecision(true);
        }
        Allow allow = method.getMethodAnnotation(Allow.class);
        return new AuthorizationDecision(allow != null && Role.anyOf(caller.roles(), Set.of(allow.value())));
    }

    private @Nullable Object handlerOf(HttpServletRequest request) {
        try {
            HandlerExecutionChain chain = endpoints.getHandler(request);
            return chain == null ? null : chain.getHandler();
        } catch (Exception notServed) {
            // Spring declares Exception here; it means 405, 406 or 415, which dispatching will report by itself.
            return null;
        }
    }
}
