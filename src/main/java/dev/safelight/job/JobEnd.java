package dev.safelight.job;

import dev.safelight.asset.Reason;

/// How a job ended that was given up.
///
/// @param error for operators; may name internals
public record JobEnd(Reason reason, String error, int attempts) {}
