package dev.safelight.access;

import jakarta.servlet.http.HttpServletRequest;

/// The paths that carry the secret of an upload session: `/v1/uppy/{token}/…`.
public final class SessionPath {
    public static final String ROOT = "/v1/uppy/";

    private SessionPath() {}

    /// Whether a request is made with a session, and with no key, whatever its headers say.
    public static boolean isBelow(HttpServletRequest request) {
        return request.getServletPath().startsWith(ROOT);
    }

    public static String token(HttpServletRequest request) {
        String rest = request.getServletPath().substring(ROOT.length());
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    /// A path as it may be logged: without the secret.
    public static String withoutToken(String path) {
        int root = path.indexOf(ROOT);
        if (root < 0) {
            return path;
        }
        int start = root + ROOT.length();
        int slash = path.indexOf('/', start);
        return path.substring(0, start) + "…" + (slash < 0 ? "" : path.substring(slash));
    }
}
