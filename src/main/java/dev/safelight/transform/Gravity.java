package dev.safelight.transform;

import org.jspecify.annotations.Nullable;

/// What part of a picture matters when something has to give, or where something smaller is put.
public sealed interface Gravity {
    Gravity CENTER = new Compass(Direction.CENTER, 0, 0);

    /// The nine places of a picture.
    enum Direction {
        CENTER(0.5, 0.5),
        NORTH(0.5, 0),
        SOUTH(0.5, 1),
        EAST(1, 0.5),
        WEST(0, 0.5),
        NORTHEAST(1, 0),
        NORTHWEST(0, 0),
        SOUTHEAST(1, 1),
        SOUTHWEST(0, 1);

        private final double x;
        private final double y;

        Direction(double x, double y) {
            this.x = x;
            this.y = y;
        }

        /// 0 (left) to 1 (right).
        public double x() {
            return x;
        }

        /// 0 (top) to 1 (bottom).
        public double y() {
            return y;
        }
    }

    /// A side, a corner or the middle, moved inwards.
    ///
    /// @param x offset from that side, or from the middle to the right for those without a side: a fraction
    ///     of the picture between -1 and 1, else pixels of the result before `dpr`
    /// @param y the same downwards
    record Compass(Direction direction, double x, double y) implements Gravity {
        public Compass {
            Require.within("gravity offset", x, -Transformation.LONGEST_SIDE, Transformation.LONGEST_SIDE);
            Require.within("gravity offset", y, -Transformation.LONGEST_SIDE, Transformation.LONGEST_SIDE);
            x = Decimals.rounded(x);
            y = Decimals.rounded(y);
        }
    }

    /// A point of the picture that stays as near to the middle as possible.
    ///
    /// @param x 0 (left) to 1 (right)
    /// @param y 0 (top) to 1 (bottom)
    record Point(double x, double y) implements Gravity {
        public Point {
            Require.within("focus point", x, 0, 1);
            Require.within("focus point", y, 0, 1);
            x = Decimals.rounded(x);
            y = Decimals.rounded(y);
        }
    }

    /// The most eye-catching part, found when the picture is made.
    record Smart() implements Gravity {}

    /// The focal point of the picture, wherever turning and cutting have brought it.
    ///
    /// @param place in the picture as displayed, before all else; absent until the catalogue has told it,
    ///     where it was set by hand or found at upload
    record Focal(@Nullable Point place) implements Gravity {}
}
