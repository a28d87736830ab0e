package dev.safelight.store;

import dev.safelight.asset.BlobKey;
import java.time.Instant;

/// An upload in parts that was neither completed nor aborted.
public record OpenUpload(BlobKey key, String uploadId, Instant startedAt) {}
