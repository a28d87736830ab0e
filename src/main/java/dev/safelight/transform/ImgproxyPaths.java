package dev.safelight.transform;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells the paths of imgproxy's grammar from others, and their signatures from the rest.
public final class ImgproxyPaths {
    /// What stands in the place of a signature when there is none.
    private static final Set<String> NO_SIGNATURE = Set.of("unsafe", "insecure", "_");

    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern ONE_SLASH = Pattern.compile("^([^\\s/:]+):/([^/])");

    private final Set<String> reserved;
    private final int signatureLength;

    /// @param reserved first segments that other paths start with, such as `v1` and `media`
    /// @param signatureLength in characters, see [Signatures#length]
    public ImgproxyPaths(Set<String> reserved, int signatureLength) {
        this.reserved = Set.copyOf(reserved);
        this.signatureLength = signatureLength;
    }

    /// @param signature as it stands in the path
    /// @param signed what it signs: the rest of the path from its slash on
    public record Split(String signature, String signed) {
        /// Whether the path says that it has no signature.
        public boolean isUnsigned() {
            return NO_SIGNATURE.contains(signature);
        }
    }

    /// Whether a raw path is meant to be of imgproxy's grammar.
    public boolean claims(String path) {
        int end = path.indexOf('/', 1);
        if (!path.startsWith("/") || end < 2 || end == path.length() - 1) {
            return false;
        }
        String first = path.substring(1, end);
        if (reserved.contains(first)) {
            return false;
        }
        if (NO_SIGNATURE.contains(first)
                || (first.length() == signatureLength
                        && BASE64URL.matcher(first).matches())) {
            return true;
        }
        String rest = restored(path.substring(end));
        return rest.contains(":") || rest.contains("/plain/");
    }

    /// Splits a path that is claimed.
    public static Optional<Split> split(String path) {
        int end = path.indexOf('/', 1);
        if (!path.startsWith("/") || end < 2 || end == path.length() - 1) {
            return Optional.empty();
        }
        return Optional.of(new Split(path.substring(1, end), restored(path.substring(end))));
    }

    /// Undoes what proxies do to such paths, since the signature was made before: `:` encoded in options, and double
    /// slashes of a plain source made single.
    private static String restored(String path) {
        int plain = path.indexOf("/plain/");
        if (plain < 0) {
            return path.replace("%3A", ":").replace("%3a", ":");
        }
        int source = plain + "/plain/".length();
        String options = path.substring(0, plain).replace("%3A", ":").replace("%3a", ":");
        String address = path.substring(source);
        Matcher broken = ONE_SLASH.matcher(address);
        if (broken.find()) {
            String scheme = broken.group(1);
            address = scheme + (scheme.equals("local") ? ":///" : "://") + address.substring(broken.end() - 1);
        }
        return options + "/plain/" + address;
    }
}
