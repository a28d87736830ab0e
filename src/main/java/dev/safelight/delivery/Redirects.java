package dev.safelight.delivery;

import dev.safelight.delivery.MediaLibrary.Media;
import dev.safelight.store.DirectDownload;
import dev.safelight.web.CacheRule;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Sends clients to the store for the bytes of stored variants, with addresses that hold for a moment.
///
/// The store knows nothing of a decision that falls within that moment; so it is short, and an answer is kept
/// for no longer than half of it. Nor does it know of clients and pages: whoever may read from one address or
/// page alone gets the bytes from here.
///
/// @param lifetime of an address
record Redirects(DirectDownload store, Duration lifetime, InstantSource clock) {
    /// Where to read, and how long the answer that says so may be kept.
    record Grant(URI address, String cacheControl) {
        @Override
        public String toString() {
            return "Grant[" + address.getRawPath() + "]";
        }
    }

    /// Empty where the store can grant nothing, or would grant more than the permit does.
    Optional<Grant> grant(Media media, Permit permit) {
        if (permit instanceof Permit.Signed signed && signed.bound()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Instant end = now.plus(lifetime);
        Instant expires =
                permit instanceof Permit.Signed signed && signed.until().isBefore(end) ? signed.until() : end;
        long seconds = Duration.between(now, expires).toSeconds();
        if (seconds < 1) {
            return Optional.empty();
        }
        boolean mayKeep =
                permit instanceof Permit.Everybody || (permit instanceof Permit.Signed signed && signed.keep());
        String atStore = mayKeep ? CacheRule.signed(Duration.ofSeconds(seconds)) : CacheRule.KEY_HOLDER;
        return store.get(media.key(), media.representation().type().text(), atStore, expires)
                .map(address -> new Grant(
                        address, mayKeep ? CacheRule.signed(Duration.ofSeconds(seconds / 2)) : CacheRule.KEY_HOLDER));
    }
}
