package dev.safelight.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The paths that carry the secret of an upload session: `/v1/uppy/{token}/…`.
public final class SessionPath {
    public static final String ROOT = "/v1/uppy/";

    private static final Pattern BELOW_ROOT = Pattern.compile(Pattern.quote(ROOT) + "[^/]*");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

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

    /// A path as it may be logged: without the secret, however it is encoded.
    public static String withoutToken(String path) {
        String plain;
        try {
            plain = URLDecoder.decode(path, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "(a malformed path)";
        }
        String redacted = SessionToken.redact(BELOW_ROOT.matcher(plain).replaceAll(ROOT + "…"));
        return redacted.equals(plain) ? path : UNPRINTABLE.matcher(redacted).replaceAll("?");
    }
}
