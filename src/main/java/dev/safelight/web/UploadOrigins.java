package dev.safelight.web;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which web pages may upload: `safelight.upload.origins`, for the API and for the embedded store.
///
/// @param origins each as a browser tells it, such as `https://shop.example`: scheme, host and an unusual port
@ConfigurationProperties("safelight.upload")
public record UploadOrigins(@DefaultValue List<String> origins) {
    private static final Pattern FORM =
            Pattern.compile("https?://([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");
    private static final int MOST = 1000;

    public UploadOrigins {
        origins = List.copyOf(origins);
        if (origins.size() > MOST) {
            throw new IllegalArgumentException(
                    "safelight.upload.origins must have at most %d entries, not %d".formatted(MOST, origins.size()));
        }
        for (String origin : origins) {
            if (!FORM.matcher(origin).matches() || !of(origin).equals(origin)) {
                throw new IllegalArgumentException(
                        "safelight.upload.origins must hold exact origins like https://shop.example or"
                                + " http://localhost:5173, in lower case, without path, * or the usual port; not \"%s\""
                                        .formatted(origin));
            }
        }
    }

    /// The origins together with that of this server's own pages, which send bytes to a store at another port.
    public Set<String> and(String publicUrl) {
        Set<String> all = new LinkedHashSet<>(origins);
        if (!publicUrl.isBlank()) {
            all.add(of(publicUrl.strip()));
        }
        return all;
    }

    /// What a browser says of the pages at a URL: no path, and the port only where it is not the usual one.
    public static String of(String url) {
        URI uri = URI.create(url);
        int usual = "https".equals(uri.getScheme()) ? 443 : 80;
        String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port;
    }
}
