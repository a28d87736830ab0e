package dev.safelight.event;

/// The store's word that an object was created.
///
/// @param bucket the real name of the bucket
/// @param key of the object, decoded
/// @param bytes its size
/// @param objectTag the version id where the bucket has versions, else the entity tag without quotes
/// @param sequencer orders events of the same key; empty when the store gives none
public record StoreEvent(String bucket, String key, long bytes, String objectTag, String sequencer) {}
