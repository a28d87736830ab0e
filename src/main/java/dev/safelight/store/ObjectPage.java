package dev.safelight.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of the objects of a bucket, in the order of their keys.
///
/// @param next where the following page begins; null when this was the last one. A page may be empty and have one
public record ObjectPage(
        List<StoredObject> objects, @Nullable String next) {
    public ObjectPage {
        objects = List.copyOf(objects);
    }
}
