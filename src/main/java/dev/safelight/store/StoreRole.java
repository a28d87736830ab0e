package dev.safelight.store;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The identities that use the store, each with a key of its own and only the rights it needs; see [Rights].
public enum StoreRole {
    /// Signs what clients send: creates originals, but never replaces, reads, lists or deletes one.
    UPLOADER,
    /// Reads and lists originals; reads, writes, lists and deletes variants of products and users.
    WORKER,
    /// Reads variants.
    DELIVERY,
    /// Reads, writes, lists and deletes in the marketing bucket, and nowhere else.
    MARKETING,
    /// May do everything with objects; the one identity that can delete an original, and that sets buckets up.
    ADMIN;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<StoreRole> parse(String text) {
        return Stream.of(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
