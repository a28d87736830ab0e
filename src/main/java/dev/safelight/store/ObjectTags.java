package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// Tags of objects, as one identity may use them: a few words beside an object that the rules of a store can ask for.
///
/// They are changed without the bytes, and gone when the object is replaced by one without them. Not every service
/// has them. Every method throws what those of [ObjectStore] throw.
public interface ObjectTags {
    /// Replaces all tags of an object, durable when the method returns.
    ///
    /// @param tags at most 10, with names of up to 128 and values of up to 256 characters
    Outcome setTags(BlobKey key, Map<String, String> tags) throws IOException;

    /// The tags of an object; empty when there is no such object. A service without tags says that there are none.
    Optional<Map<String, String>> tags(BlobKey key) throws IOException;

    /// What became of tags.
    enum Outcome {
        SET,
        /// There is no such object.
        MISSING,
        /// The service has no tags.
        UNSUPPORTED
    }
}
