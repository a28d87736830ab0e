package dev.safelight.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What became of an account's assets since it was erased. Each count is exact at any moment.
///
/// @param account the number of the account
/// @param originals whether they are removed too
/// @param assets that are emptied
/// @param variants that are removed, mezzanines included
/// @param originalsRemoved objects with originals that are removed
/// @param uploadsAborted that were still open
/// @param finishedAt null as long as something is left to be done
public record Erasure(
        long account,
        boolean originals,
        long assets,
        long variants,
        long originalsRemoved,
        long uploadsAborted,
        Instant requestedAt,
        @Nullable Instant finishedAt) {}
