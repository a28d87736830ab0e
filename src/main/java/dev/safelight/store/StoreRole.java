package dev.safelight.store;

/// The identities that use the store, each with a key of its own and only the rights it needs.
public enum StoreRole {
    /// Signs what clients send: creates and lists originals, but never replaces, reads or deletes one.
    UPLOADER,
    /// Reads and lists originals; reads, writes, lists and deletes variants.
    WORKER,
    /// Reads variants, and the originals that pictures on request are drawn from; writes nothing.
    DELIVERY,
    /// May do everything with objects; the one identity that can delete an original.
    ADMIN
}
