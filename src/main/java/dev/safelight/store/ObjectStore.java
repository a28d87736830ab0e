package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The four buckets of a store, as one identity may use them.
///
/// Every method throws an [IOException] when the store cannot be reached or answers with an error of its own:
/// the caller may try again. A refusal for lack of rights is a [dev.safelight.asset.Failure] of kind FORBIDDEN.
public interface ObjectStore {
    /// Stores an object, durable when the method returns; an existing one is replaced as a whole.
    StoredObject put(BlobKey key, Content content, ObjectHeaders headers) throws IOException;

    /// What is known of an object, without its bytes.
    Optional<StoredObject> head(BlobKey key) throws IOException;

    /// Opens an object for reading; the caller closes it.
    ///
    /// @param range the bytes wanted, or null for all; it must lie within the object
    /// @param etag when set, the object is empty unless it still has this entity tag (without quotes)
    Optional<OpenObject> open(BlobKey key, @Nullable ByteRange range, @Nullable String etag) throws IOException;

    /// Removes an object; one that does not exist is no error.
    void delete(BlobKey key) throws IOException;

    /// Visits all objects whose key starts with a prefix, page by page; slow, for sweepers and never for requests.
    void list(Bucket bucket, String prefix, Consumer<List<StoredObject>> page) throws IOException;

    /// One page of the objects whose key starts with a prefix, for sweepers that remember where they were.
    ///
    /// @param after the key behind which to go on, as the page before gave it; empty to begin
    /// @param most objects that the page has, 1 to 1000
    ObjectPage page(Bucket bucket, String prefix, String after, int most) throws IOException;
}
