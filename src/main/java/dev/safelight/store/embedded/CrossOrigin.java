package dev.safelight.store.embedded;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which web pages may upload to the store: a fixed set of origins, the same for all buckets.
record CrossOrigin(Set<String> origins) {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT");

    /// Errors carry these headers as well, else a page cannot learn why its upload was refused.
    void allow(HttpServletRequest request, HttpServletResponse response) {
        response.addHeader("Vary", "Origin");
        String origin = request.getHeader("Origin");
        if (isAllowed(origin)) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Expose-Headers", "ETag, Location, x-amz-request-id");
        }
    }

    void preflight(HttpServletRequest request, HttpServletResponse response) {
        String method = request.getHeader("Access-Control-Request-Method");
        if (!isAllowed(request.getHeader("Origin")) || method == null || !METHODS.contains(method)) {
            throw StoreError.ACCESS_DENIED.with("This CORS request is not allowed.");
        }
        response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT");
        String headers = request.getHeader("Access-Control-Request-Headers");
        if (headers != null) {
            response.setHeader("Access-Control-Allow-Headers", headers);
        }
        response.setHeader("Access-Control-Max-Age", "3600");
        response.setStatus(HttpServletResponse.SC_OK);
    }

    private boolean isAllowed(@Nullable String origin) {
        return origin != null && origins.contains(origin);
    }
}
