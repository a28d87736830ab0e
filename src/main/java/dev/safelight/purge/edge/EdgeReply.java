package dev.safelight.purge.edge;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an edge answered.
///
/// @param body its beginning
/// @param retryAfter how long it asks to wait
record EdgeReply(int status, String body, @Nullable Duration retryAfter) {}
