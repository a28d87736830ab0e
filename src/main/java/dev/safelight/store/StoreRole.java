package dev.safelight.store;

/// The identities that use the store, each with a key of its own and only the rights it needs.
public enum StoreRole {
    /// Signs what clients send: creates originals, never replaces, reads, lists or deletes.
    UPLOADER,
    /// Reads, lists and deletes originals; reads, writes, lists and deletes variants.
    WORKER,
    /// Reads variants.
    DELIVERY,
    /// May do everything with objects; for people with a repair to make, unused by the product.
    ADMIN
}
