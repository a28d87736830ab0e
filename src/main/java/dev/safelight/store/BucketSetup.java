package dev.safelight.store;

import dev.safelight.asset.Bucket;
import dev.safelight.store.BucketSetting.Aspect;
import java.io.IOException;
import java.util.SortedSet;

/// The setup of the four buckets of a store, as its administrator sees it.
///
/// Every method throws an [IOException] when the store cannot be reached or fails, and a
/// [dev.safelight.asset.Failure] of kind FORBIDDEN when the credentials do not suffice; both say which bucket
/// and what.
public interface BucketSetup extends AutoCloseable {

    /// Whether there is a bucket.
    enum Presence {
        THERE,
        MISSING,
        /// Somebody else's, or out of reach of the credentials: services do not tell one from the other.
        REFUSED
    }

    /// What a store says of an aspect.
    sealed interface Found {
        /// @param lines as those of a [BucketSetting]; empty when nothing is set
        record Set(SortedSet<String> lines) implements Found {}

        /// The store does not know the aspect at all.
        record Unsupported(String why) implements Found {}

        /// The store does the same by itself, and it cannot be changed.
        record BuiltIn(String how) implements Found {}
    }

    /// The real name of a bucket.
    String name(Bucket bucket);

    Presence presence(Bucket bucket) throws IOException;

    /// Creates a bucket; one that is there already and ours stays as it is.
    ///
    /// @throws dev.safelight.asset.Failure CONFLICT when the name is somebody else's
    void create(Bucket bucket) throws IOException;

    Found read(Bucket bucket, Aspect aspect) throws IOException;

    /// Sets an aspect; one without lines is removed. What others have set beside it stays where aspects are shared.
    ///
    /// @throws dev.safelight.asset.Failure INVALID when the store does not take it
    void write(Bucket bucket, BucketSetting setting) throws IOException;

    /// Whether objects can be moved to a storage class; asked by beginning an upload to it, and aborting that.
    boolean hasStorageClass(Bucket bucket, String storageClass) throws IOException;

    /// Whether objects can carry tags.
    boolean hasObjectTags(Bucket bucket) throws IOException;

    @Override
    void close();
}
