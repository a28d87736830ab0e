package dev.safelight.cli;

import java.util.regex.Pattern;

/// Text of others that is shown on a terminal: names may hold line breaks and controls, which must not act there.
public final class Printable {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private Printable() {}

    public static String text(String any) {
        return CONTROL.matcher(any).replaceAll("?");
    }
}
