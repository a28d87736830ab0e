package dev.safelight.purge.edge;

import java.time.Duration;

/// A token bucket that somebody else keeps, and that we therefore keep, too.
///
/// @param burst tokens that it holds at most
/// @param tokens that come back, evenly, within a time
record Allowance(long burst, long tokens, Duration per) {}
