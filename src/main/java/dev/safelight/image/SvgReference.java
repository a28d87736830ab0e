package dev.safelight.image;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Tells references within a drawing, which are fine, from those that lead out of it.
final class SvgReference {
    private static final Pattern SCRIPT = Pattern.compile("(java|vb|live)script:|data:(text/|application/|image/svg)");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}\\p{Z}\\s]+");

    private SvgReference() {}

    /// Checks the target of a link or an embedding.
    ///
    /// @return the pixels of the picture that is embedded, if one is
    static OptionalLong check(String target) throws ImageRejected {
        String address = INVISIBLE.matcher(target).replaceAll("");
        if (address.isEmpty() || address.startsWith("#")) {
            return OptionalLong.empty();
        }
        if (isScript(address)) {
            throw SvgCheck.active("a script address");
        }
        if (address.regionMatches(true, 0, "data:image/", 0, "data:image/".length())) {
            return OptionalLong.of(EmbeddedPicture.pixels(address));
        }
        throw SvgCheck.active("a reference to something outside of it");
    }

    /// The identifier that an address within the drawing names.
    static Optional<String> identifier(String target) {
        String address = INVISIBLE.matcher(target).replaceAll("");
        return address.startsWith("#") ? Optional.of(address.substring(1)) : Optional.empty();
    }

    /// Whether a value anywhere is, or hides, the address of a script or of a document.
    static boolean isScript(String value) {
        return SCRIPT.matcher(INVISIBLE.matcher(value).replaceAll("").toLowerCase(Locale.ROOT))
                .find();
    }
}
