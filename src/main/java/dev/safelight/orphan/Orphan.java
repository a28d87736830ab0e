package dev.safelight.orphan;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.StoredObject;
import java.time.Instant;

/// An object that nothing in the catalogue knows.
///
/// @param foundAt when it was first reported; anew when the object is another one since
/// @param seenAt when it was last there
record Orphan(BlobKey key, long bytes, String etag, Instant modifiedAt, Instant foundAt, Instant seenAt) {

    boolean is(StoredObject object) {
        return object.key().equals(key)
                && object.bytes() == bytes
                && object.etag().equals(etag);
    }
}
