package dev.safelight.access;

/// Pages to learn from, which only a server that is told to shows to anybody.
///
/// @param examples whether it shows those below `/examples/`
public record OpenPages(boolean examples) {}
