package dev.safelight.catalog;

import dev.safelight.asset.Moderation;
import dev.safelight.asset.Variant;
import java.io.IOException;
import java.util.List;

/// Writes on stored objects what was decided about their version, so that the store itself keeps back what is not
/// approved.
public interface StatusTags {
    /// Tags objects, durable when the method returns; takes no longer than a moderator would wait.
    ///
    /// @return false when the store has no tags, so that the catalogue alone decides what is delivered
    /// @throws IOException when not all of them could be tagged
    boolean write(List<Variant> objects, Moderation moderation) throws IOException;
}
