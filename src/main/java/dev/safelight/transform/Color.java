package dev.safelight.transform;

/// A colour of sRGB.
///
/// @param red 0 to 255
/// @param green 0 to 255
/// @param blue 0 to 255
/// @param alpha 0 (transparent) to 255 (opaque)
public record Color(int red, int green, int blue, int alpha) {
    public static final Color WHITE = new Color(255, 255, 255, 255);
    public static final Color TRANSPARENT = new Color(0, 0, 0, 0);

    public Color {
        Require.within("red", red, 0, 255);
        Require.within("green", green, 0, 255);
        Require.within("blue", blue, 0, 255);
        Require.within("alpha", alpha, 0, 255);
    }

    public boolean isOpaque() {
        return alpha == 255;
    }

    /// `rrggbb`, or `rrggbbaa` when it is not opaque.
    @Override
    public String toString() {
        String rgb = "%02x%02x%02x".formatted(red, green, blue);
        return isOpaque() ? rgb : rgb + "%02x".formatted(alpha);
    }
}
