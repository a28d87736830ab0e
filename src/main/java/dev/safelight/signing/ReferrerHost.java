package dev.safelight.signing;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A host whose pages may show something: `shop.example.com`, or `*.example.com` for all below it.
///
/// Browsers say where they come from, and other clients say what they like: this keeps other sites from
/// showing a picture, and nobody from fetching it.
///
/// @param text in lower case
public record ReferrerHost(String text) {
    private static final Pattern FORM =
            Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]{0,62})(\\.[a-z0-9]([a-z0-9-]{0,62})){0,20}");
    private static final int LONGEST = 253;
    private static final Pattern HEADER =
            Pattern.compile("(?i)https?://([a-z0-9.-]{1,253})(:[0-9]{1,5})?(?:[/?#].*)?", Pattern.DOTALL);

    public ReferrerHost {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a referrer is a host in lower case such as shop.example.com or *.example.com");
        }
    }

    /// The host in a `Referer` field.
    public static Optional<String> in(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        var matcher = HEADER.matcher(header);
        return matcher.matches() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    boolean covers(String host) {
        return text.startsWith("*.")
                ? host.length() > text.length() - 1 && host.endsWith(text.substring(1))
                : host.equals(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
