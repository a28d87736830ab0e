package dev.safelight.delivery;

import dev.safelight.delivery.VariantUrls.Issued;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;

/// Writes signatures as cookies: sent over TLS only, hidden from scripts, and for no more paths than they
/// cover.
///
/// @param sameSite as in a request
/// @param domain the host that sets them when null
record AccessCookies(
        Duration lifetime,
        @Nullable String sameSite,
        @Nullable String domain) {
    /// The values of `Set-Cookie` fields.
    List<String> of(Issued issued) {
        String path = path(issued);
        return issued.signed().cookies().entrySet().stream()
                .map(cookie -> ResponseCookie.from(cookie.getKey(), cookie.getValue())
                        .path(path)
                        .domain(domain)
                        .maxAge(lifetime)
                        .secure(true)
                        .httpOnly(true)
                        .sameSite(attribute(sameSite == null ? "lax" : sameSite))
                        .build()
                        .toString())
                .toList();
    }

    private static String attribute(String sameSite) {
        return sameSite.substring(0, 1).toUpperCase(Locale.ROOT) + sameSite.substring(1);
    }

    /// The folder that holds all that is covered, below the path that URLs begin with.
    private static String path(Issued issued) {
        String base = issued.signed().base();
        String before = base.isEmpty() ? "" : URI.create(base).getRawPath();
        List<String> folders =
                issued.paths().stream().map(one -> one.folder()).distinct().toList();
        String folder = folders.size() == 1 ? folders.getFirst().replaceFirst("/$", "") : "";
        String path = before + folder;
        return path.isEmpty() ? "/" : path;
    }
}
