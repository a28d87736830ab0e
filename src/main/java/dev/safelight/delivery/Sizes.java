package dev.safelight.delivery;

import java.util.regex.Pattern;

/// The `sizes` attribute of a picture: what it may be made of.
public final class Sizes {
    public static final String DEFAULT = "100vw";

    /// What media conditions and lengths are written with: no quotes, no markup.
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9 ().,:%+*/-]{1,250}");

    private Sizes() {}

    public static boolean isValid(String sizes) {
        return FORM.matcher(sizes).matches() && !sizes.isBlank();
    }
}
