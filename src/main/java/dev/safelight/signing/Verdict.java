package dev.safelight.signing;

import dev.safelight.asset.Space;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What became of a signature that was held against a request.
public sealed interface Verdict {
    /// It holds for this request.
    ///
    /// @param expires when it no longer will
    /// @param space the only one that it is good for; null for those that are open to any signature
    /// @param bound whether it holds for some clients or pages only, so that what it opens must not be handed
    ///     on by an address that holds for all
    record Granted(Instant expires, @Nullable Space space, boolean bound) implements Verdict {}

    /// It does not.
    ///
    /// @param reason a sentence without a stop, which tells nothing that the bearer does not know
    record Refused(String reason) implements Verdict {}
}
