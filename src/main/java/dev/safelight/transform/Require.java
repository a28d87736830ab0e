package dev.safelight.transform;

/// Guards of the values in this package; the grammars check first and name the option.
final class Require {
    private Require() {}

    static void within(String what, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException("%s must be %s to %s, not %s".formatted(what, min, max, value));
        }
    }
}
