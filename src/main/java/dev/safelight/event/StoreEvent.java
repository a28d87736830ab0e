package dev.safelight.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The store's word that an object was created.
///
/// @param bucket the real name of the bucket
/// @param key of the object, decoded
/// @param bytes its size
/// @param objectTag the version id where the bucket has versions, else the entity tag without quotes
/// @param sequencer orders events of the same key; empty when the store gives none
/// @param createdAt when the object was created, by the clock of the store; null when it does not say
public record StoreEvent(
        String bucket,
        String key,
        long bytes,
        String objectTag,
        String sequencer,
        @Nullable Instant createdAt) {}
