package dev.safelight.asset;

import java.util.Locale;

/// The four buckets, separated by who may read and write them; configuration maps them to real bucket names.
public enum Bucket {
    /// Originals as received: private, never changed.
    RAW,
    /// Variants of product media: private origin of the delivery.
    PROCESSED,
    /// Variants of user media: private.
    USER,
    /// Variants of marketing media: public by CDN.
    MARKETING;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The bucket that holds the variants of a space.
    public static Bucket ofVariants(Space space) {
        return switch (space) {
            case PRODUCT -> PROCESSED;
            case USER -> USER;
            case MARKETING -> MARKETING;
        };
    }
}
