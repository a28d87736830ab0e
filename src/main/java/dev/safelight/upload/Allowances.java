package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Space;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What a caller may use up: grants open at a time, grants in a minute, bytes altogether.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class Allowances {
    private final UploadRepository ledger;
    private final UploadSettings settings;
    private final GrantRate rate;
    private final InstantSource clock;

    Allowances(UploadRepository ledger, UploadSettings settings, GrantRate rate, InstantSource clock) {
        this.ledger = ledger;
        this.settings = settings;
        this.rate = rate;
        this.clock = clock;
    }

    /// @throws Failure BUSY when the key has used up its minute
    void takeGrant(Caller caller) {
        rate.take(caller);
    }

    /// A try that was refused after all is no grant.
    void giveBackGrant(Caller caller) {
        rate.giveBack(caller);
    }

    void requireOpenPlace(Caller caller) {
        if (ledger.countOpen(caller.keyId()) >= settings.maxOpen()) {
            throw new Failure(
                    Failure.Kind.BUSY,
                    Reason.LIMIT_REACHED,
                    "This key has %d open uploads, which is the limit: use or abort some of them first."
                            .formatted(settings.maxOpen()));
        }
    }

    /// To be asked in the transaction that enters the upload, which lets the others of a key wait where that
    /// matters.
    void requireQuota(long bytes, Space space, Caller caller) {
        long ofSpace = settings.policy(space).quota().toBytes();
        Long ofKey = caller.limits().quota();
        if (ofSpace == 0 && ofKey == null) {
            return;
        }
        ledger.lockOwner(caller.keyId());
        Instant ended = clock.instant().minus(settings.lateness());
        if (ofSpace > 0) {
            requireRoom(bytes, ofSpace, ledger.usedBytes(caller.keyId(), space, ended), space);
        }
        if (ofKey != null) {
            requireRoom(bytes, ofKey, ledger.usedBytes(caller.keyId(), null, ended), null);
        }
    }

    private static void requireRoom(long bytes, long quota, long used, @Nullable Space space) {
        if (bytes > quota - used) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    Reason.LIMIT_REACHED,
                    "This key has used %d of its %d bytes%s; %d more do not fit."
                            .formatted(used, quota, space == null ? "" : " in the space \"" + space + "\"", bytes));
        }
    }
}
