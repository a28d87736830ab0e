package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// Grants for clients to read straight from the bucket. Signing needs no request to the store.
///
/// Whoever reads an address can use it until it expires, so no log shows one.
public interface DirectDownload {
    /// The address of a GET of one object, with or without a range; empty where a client would have to know a
    /// key that it must not have.
    ///
    /// @param contentType that the answer is to have, whatever the object has
    /// @param cacheControl that the answer is to have
    Optional<URI> get(BlobKey key, String contentType, String cacheControl, Instant expires);
}
