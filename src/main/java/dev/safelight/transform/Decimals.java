package dev.safelight.transform;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Fractions have six decimals at most, so that each value has one short spelling.
final class Decimals {
    private static final int DIGITS = 6;

    private Decimals() {}

    /// Cut off towards 0, so that a fraction below 1 never becomes one pixel; -0.0 becomes 0.0.
    static double rounded(double value) {
        return BigDecimal.valueOf(value).setScale(DIGITS, RoundingMode.DOWN).doubleValue();
    }

    static String text(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
