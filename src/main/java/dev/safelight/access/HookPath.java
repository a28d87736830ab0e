package dev.safelight.access;

import jakarta.servlet.http.HttpServletRequest;

/// The path that stores push their events to, which has secrets of its own.
public final class HookPath {
    public static final String STORE = "/v1/hooks/store";

    private HookPath() {}

    /// Whether a request is made with the secret of a store, and with no key, whatever its headers say.
    public static boolean is(HttpServletRequest request) {
        return request.getServletPath().equals(STORE);
    }
}
