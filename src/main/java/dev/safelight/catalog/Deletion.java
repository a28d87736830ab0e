package dev.safelight.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// That an asset is deleted.
///
/// @param deletedAt since when nothing of it is delivered
/// @param purgedAt since when it cannot be restored any more; null as long as it can
/// @param erased whether it was of an account that was erased, so that nothing is told of it but that it was there
public record Deletion(Instant deletedAt, @Nullable Instant purgedAt, boolean erased) {}
