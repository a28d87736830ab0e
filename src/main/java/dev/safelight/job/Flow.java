package dev.safelight.job;

import dev.safelight.asset.Space;
import java.util.UUID;

/// Whose jobs wait for each other: those of one owner in one space. Flows share the workers evenly.
///
/// @param owner the key that uploads
public record Flow(Space space, UUID owner) {
    String text() {
        return space.text() + "/" + owner;
    }
}
