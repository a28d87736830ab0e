package dev.safelight.event;

/// The bucket that uploads go to; what is told of any other is of no interest.
///
/// @param name its real name
public record WatchedBucket(String name) {}
