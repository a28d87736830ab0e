package dev.safelight.signing;

import java.util.regex.Pattern;

/// What the URLs of a site begin with: scheme and host, perhaps a port and a path, and no slash behind.
public final class BaseUrl {
    private static final Pattern FORM =
            Pattern.compile("https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*");

    private BaseUrl() {}

    /// @param setting that has it, perhaps with slashes behind
    /// @throws IllegalArgumentException naming the setting
    public static String of(String setting, String text) {
        String base = text.strip().replaceFirst("/+$", "");
        if (!FORM.matcher(base).matches()) {
            throw new IllegalArgumentException(setting + " must be like https://media.example.com, not " + text);
        }
        return base;
    }
}
