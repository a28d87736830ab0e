package dev.safelight.upload;

/// What a client sent, fit to be shown in an answer.
final class Shown {
    private static final int LONGEST = 64;

    private Shown() {}

    static String shortened(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
