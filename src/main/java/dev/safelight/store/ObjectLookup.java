package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import java.io.IOException;
import java.util.Optional;

/// Tells what is stored under a key, to identities that perhaps may not read it.
///
/// @see ObjectStore#head
@FunctionalInterface
public interface ObjectLookup {
    /// What is known of an object; its content type may be missing.
    Optional<StoredObject> head(BlobKey key) throws IOException;

    /// Looks for objects by listing them, for an identity that may list and not read. A HEAD request needs the
    /// right to read in S3.
    static ObjectLookup listing(ObjectStore store) {
        return key -> {
            StoredObject[] found = new StoredObject[1];
            store.list(key.bucket(), key.key(), page -> {
                for (StoredObject object : page) {
                    if (object.key().equals(key)) {
                        found[0] = object;
                    }
                }
            });
            return Optional.ofNullable(found[0]);
        };
    }
}
