package dev.safelight.render.remote;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One entry of the list of hosts that pictures may come from.
///
/// @param host canonical; for `*.example.com` the part behind the star
/// @param subDomains whether it stands for the sub-domains of the host instead of the host itself
/// @param port the only one allowed; null for 80 and 443
/// @param prefix the segments that the path must begin with
record AllowedHost(
        String host, boolean subDomains, @Nullable Integer port, List<String> prefix) {
    private static final Pattern FORM =
            Pattern.compile("(\\*\\.)?(\\[[^\\]]*\\]|[^:/\\[\\]*]+)(:(\\d{1,5}))?(/[^?#]*)?");
    private static final Pattern ADDRESS = Pattern.compile("\\[.*|[\\d.]+");
    private static final int LAST_PORT = 65_535;

    /// @throws IllegalArgumentException with the reason
    static AllowedHost parse(String entry) {
        Matcher form = FORM.matcher(entry.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "it must look like images.example.com, *.example.com:8443 or host/folder/");
        }
        boolean subDomains = form.group(1) != null;
        String host = HostName.canonical(form.group(2));
        if (subDomains && ADDRESS.matcher(host).matches()) {
            throw new IllegalArgumentException("an address has no sub-domains");
        }
        Integer port = form.group(4) == null ? null : Integer.valueOf(form.group(4));
        if (port != null && (port < 1 || port > LAST_PORT)) {
            throw new IllegalArgumentException("its port must be 1 to %d".formatted(LAST_PORT));
        }
        return new AllowedHost(host, subDomains, port, prefix(form.group(5)));
    }

    private static List<String> prefix(@Nullable String path) {
        if (path == null) {
            return List.of();
        }
        List<String> segments = UrlPath.segments(path);
        boolean folder = segments.getLast().isEmpty();
        return folder ? segments.subList(0, segments.size() - 1) : segments;
    }

    boolean allows(RemoteUrl url) {
        boolean sameHost =
                subDomains ? url.host().endsWith("." + host) : url.host().equals(host);
        boolean samePort = port == null ? url.hasUsualPort() : url.port() == port;
        List<String> path = url.segments();
        return sameHost
                && samePort
                && path.size() >= prefix.size()
                && path.subList(0, prefix.size()).equals(prefix);
    }
}
