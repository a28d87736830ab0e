package dev.safelight.upload;

import java.util.UUID;

/// What a stream of events tells of.
sealed interface Watched {
    /// One upload, until it ends.
    record OneUpload(UUID id) implements Watched {}

    /// All uploads of a session, also those that are yet to come.
    record OfSession(UUID id) implements Watched {}
}
