package dev.safelight.render;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Variant;

/// What a picture is made from.
sealed interface Source {
    MediaType type();

    /// In pixels, of all that would be decoded.
    long pixels();

    /// For people who look at timings: what it is, and its width.
    String text();

    /// The bytes as received.
    ///
    /// @param why nothing smaller served
    record Original(AssetVersion version, MediaType type, long pixels, String why) implements Source {
        @Override
        public String text() {
            return "original, " + why;
        }
    }

    /// A mezzanine, or a stored variant that was named.
    record Smaller(AssetVersion version, Variant variant) implements Source {
        @Override
        public MediaType type() {
            return variant.format();
        }

        @Override
        public long pixels() {
            return (long) variant.width() * variant.height();
        }

        @Override
        public String text() {
            return variant.name() + ", " + variant.width() + " px wide";
        }
    }

    /// A picture from another host, which has been fetched.
    record Foreign(Subject.Foreign subject) implements Source {
        @Override
        public MediaType type() {
            return subject.type();
        }

        @Override
        public long pixels() {
            return (long) subject.width() * subject.height() * subject.frames();
        }

        @Override
        public String text() {
            return Placeholders.drew(subject) ? "placeholder" : "foreign";
        }
    }
}
