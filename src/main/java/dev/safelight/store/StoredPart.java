package dev.safelight.store;

/// A part that the store holds.
///
/// @param number from 1 to 10,000
/// @param etag the entity tag without quotes
public record StoredPart(int number, long bytes, String etag) {}
