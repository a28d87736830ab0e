package dev.safelight.render.remote;

import dev.safelight.asset.Failure;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The address of a picture on a foreign host, in the one form in which it is compared, checked and sent.
///
/// Read by own rules and not by a lenient library: what is checked and what is connected to must never be read
/// differently.
///
/// @param host canonical, see [HostName]
/// @param segments of the path, encoded, without dot segments
/// @param query encoded, with its question mark; empty for none
record RemoteUrl(boolean secure, String host, int port, List<String> segments, String query) {
    private static final int LONGEST = 4096;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int LAST_PORT = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(https?)://([^/?#\\\\]*)(/[^?#]*)?(\\?[^#]*)?(#.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(:(\\d{1,5}))?");

    /// @throws Failure INVALID when the text is no address of a picture
    static RemoteUrl parse(String text) {
        try {
            return read(text);
        } catch (IllegalArgumentException wrong) {
            throw new Failure(
                    Failure.Kind.INVALID, "The address of the picture is not accepted: " + wrong.getMessage(), wrong);
        }
    }

    private static RemoteUrl read(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("it is longer than %d characters".formatted(LONGEST));
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("it must begin with http:// or https:// and a host");
        }
        boolean secure = form.group(1).length() == "https".length();
        String authority = form.group(2);
        if (authority.contains("@")) {
            throw new IllegalArgumentException("it must not have a user or a password");
        }
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            throw new IllegalArgumentException("it must have a host, and a port of digits if any");
        }
        String path = form.group(3);
        String query = form.group(4);
        RemoteUrl url = new RemoteUrl(
                secure,
                HostName.canonical(parts.group(1)),
                port(parts.group(3), secure ? HTTPS : HTTP),
                UrlPath.segments(path == null ? "/" : path),
                query == null ? "" : UrlPath.encode(query));
        if (!url.host().equals(url.uri().getHost())) {
            throw new IllegalArgumentException("the host is no valid name");
        }
        return url;
    }

    private static int port(@Nullable String digits, int usual) {
        int port = digits == null ? usual : Integer.parseInt(digits);
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("its port must be 1 to %d".formatted(LAST_PORT));
        }
        return port;
    }

    boolean hasUsualPort() {
        return port == HTTP || port == HTTPS;
    }

    /// Where a redirect leads, read as strictly as the first address; null for where it must not lead.
    @Nullable
    RemoteUrl redirect(String location) {
        try {
            RemoteUrl target = read(uri().resolve(location).toString());
            return secure && !target.secure() ? null : target;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    URI uri() {
        return URI.create("%s://%s:%d%s".formatted(secure ? "https" : "http", host, port, path() + query));
    }

    private String path() {
        return "/" + String.join("/", segments);
    }

    /// The address as a key: equal for addresses that are the same.
    @Override
    public String toString() {
        boolean usual = port == (secure ? HTTPS : HTTP);
        return (secure ? "https://" : "http://") + host + (usual ? "" : ":" + port) + path() + query;
    }
}
