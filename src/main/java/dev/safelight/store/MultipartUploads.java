package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Uploads in parts, as one identity sees them.
///
/// Every method throws an [IOException] when the store cannot be reached or answers with an error of its own: the
/// caller may try again. A refusal for lack of rights, which is the server's own fault, is a
/// [dev.safelight.asset.Failure] of kind UNAVAILABLE.
public interface MultipartUploads {
    /// The smallest size of every part but the last.
    long SMALLEST_PART = 5 << 20;

    /// The highest number of a part.
    int MOST_PARTS = 10_000;

    /// Begins an upload and returns the store's name for it.
    String create(BlobKey key, String contentType) throws IOException;

    /// All parts that have arrived, by number; empty when the store knows no such upload (any more).
    Optional<List<StoredPart>> parts(BlobKey key, String uploadId) throws IOException;

    /// Joins the parts to an object, durable when the method returns. An object that is there already
    /// stays as it is.
    ///
    /// @param parts all that have arrived, in the order of their numbers; not every service leaves any out
    /// @return false when there is no such upload (any more) or an object under its key: look there
    ///     for the outcome
    /// @throws dev.safelight.asset.Failure CONFLICT when a part is missing, out of order, too small or another one
    boolean complete(BlobKey key, String uploadId, List<StoredPart> parts) throws IOException;

    /// Ends an upload and forgets its parts; one that is unknown is no error.
    void abort(BlobKey key, String uploadId) throws IOException;

    /// Visits all unfinished uploads whose key starts with a prefix, page by page; for sweepers.
    void list(Bucket bucket, String prefix, Consumer<List<OpenUpload>> page) throws IOException;
}
