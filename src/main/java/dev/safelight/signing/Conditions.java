package dev.safelight.signing;

import dev.safelight.asset.AddressRange;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Conditions that policies of either format can have.
final class Conditions {
    private Conditions() {}

    /// Why they do not hold for a request, if they do not.
    static Optional<String> objection(
            @Nullable Instant notBefore, Instant expires, @Nullable AddressRange ip, Visit visit) {
        if (!visit.now().isBefore(expires)) {
            return Optional.of("it has expired");
        }
        if (notBefore != null && visit.now().isBefore(notBefore)) {
            return Optional.of("it does not hold yet");
        }
        InetAddress client = visit.client();
        return ip != null && (client == null || !ip.contains(client))
                ? Optional.of("it is for another address of clients")
                : Optional.empty();
    }
}
