package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/// Grants for clients to send bytes straight to the bucket.
public interface DirectUpload {
    /// Grants one form POST (an S3 browser upload), bound by its signature to everything given here.
    ///
    /// @param bytes the exact size in bytes; the store refuses any other
    /// @param expires to the second
    PostGrant post(BlobKey key, String contentType, long bytes, Instant expires);

    /// A form POST that is allowed once granted: send the fields in this order, then the bytes as field `file`.
    record PostGrant(URI url, Map<String, String> fields, Instant expires) {
        @Override
        public String toString() {
            return "PostGrant[" + url + ", " + fields.get("key") + ", until " + expires + "]";
        }
    }
}
