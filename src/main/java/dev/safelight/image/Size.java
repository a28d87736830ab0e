package dev.safelight.image;

/// Width and height in pixels, both at least 1.
record Size(int width, int height) {
    Size {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("no picture has " + width + " x " + height + " pixels");
        }
    }

    /// This size times a factor, rounded, but never below a pixel.
    Size times(double factor) {
        return new Size((int) Math.max(1, Math.round(width * factor)), (int) Math.max(1, Math.round(height * factor)));
    }

    /// The size after a quarter turn.
    Size turned() {
        return new Size(/* width= */ height, /* height= */ width);
    }

    long area() {
        return (long) width * height;
    }

    /// Whether both sides are at least the given multiple of another size's.
    boolean isAtLeast(double multiple, Size other) {
        return width >= multiple * other.width && height >= multiple * other.height;
    }
}
