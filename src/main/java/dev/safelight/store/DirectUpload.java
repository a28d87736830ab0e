package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/// Grants for clients to send bytes straight to the bucket. Signing needs no request to the store.
///
/// Grants expire to the second. Whoever reads their addresses or fields can use them, so no text of a grant
/// shows them.
public interface DirectUpload {
    /// Grants one form POST (an S3 browser upload), bound by its signature to everything given here.
    ///
    /// The embedded store never replaces an object by a form. Forms have no field for that condition, so that other
    /// services take a form again and again until it expires; keep it short, or versions of objects.
    ///
    /// @param smallest number of bytes that the store takes; it refuses fewer
    /// @param largest number of bytes that the store takes; it refuses more
    PostGrant post(BlobKey key, String contentType, long smallest, long largest, Instant expires);

    /// Grants one PUT of exactly so many bytes of this type, under a key that has no object yet.
    PutGrant put(BlobKey key, String contentType, long bytes, Instant expires);

    /// Grants the PUT of one part of an upload in parts; a part that is sent again replaces the former.
    ///
    /// @param uploadId as [MultipartUploads#create] gave it
    /// @param number from 1 to [MultipartUploads#MOST_PARTS]
    /// @param smallest number of bytes that the store takes
    /// @param largest number of bytes that the store takes. Every S3 service holds a part to one size, where both
    ///     are the same; to a range the embedded store alone does, and others keep what is sent
    PartGrant part(BlobKey key, String uploadId, int number, long smallest, long largest, Instant expires);

    /// A form POST that is allowed once granted: send the fields in this order, then the bytes as field `file`.
    record PostGrant(URI url, Map<String, String> fields, Instant expires) {
        @Override
        public String toString() {
            return "PostGrant[" + url + ", " + fields.get("key") + ", until " + expires + "]";
        }
    }

    /// A PUT that is allowed once granted.
    ///
    /// @param headers that the client must send, besides those that every client sends by itself
    record PutGrant(URI url, Map<String, String> headers, Instant expires) {
        @Override
        public String toString() {
            return "PutGrant[" + url.getRawPath() + ", " + headers + ", until " + expires + "]";
        }
    }

    /// The PUT of one part.
    record PartGrant(int number, URI url, Instant expires) {
        @Override
        public String toString() {
            return "PartGrant[" + number + " of " + url.getRawPath() + ", until " + expires + "]";
        }
    }
}
