package dev.safelight.upload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.access.Caller;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// How many grants a key gets in a minute from this process: a token bucket that fills evenly.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class GrantRate {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final UploadSettings settings;
    private final TimeMeter time;
    private final Cache<Rated, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    @Autowired
    GrantRate(UploadSettings settings) {
        this(settings, TimeMeter.SYSTEM_NANOTIME);
    }

    /// @param time not a clock: one that is set back would close the bucket for as long
    GrantRate(UploadSettings settings, TimeMeter time) {
        this.settings = settings;
        this.time = time;
    }

    /// A key and its rate, so that a changed rate starts anew.
    private record Rated(UUID keyId, long perMinute) {}

    /// @throws Failure BUSY when the key has used up its minute
    void take(Caller caller) {
        Rated rated = rated(caller);
        ConsumptionProbe probe = buckets.get(rated, this::bucket).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw Failure.busyFor(
                    Duration.ofNanos(probe.getNanosToWaitForRefill()),
                    Reason.LIMIT_REACHED,
                    "This key gets at most %d grants in a minute; ask again after a pause."
                            .formatted(rated.perMinute()));
        }
    }

    /// Undoes one [#take] that brought no grant.
    void giveBack(Caller caller) {
        buckets.get(rated(caller), this::bucket).addTokens(1);
    }

    private Rated rated(Caller caller) {
        Integer own = caller.limits().grantsPerMinute();
        return new Rated(
                caller.keyId(), own == null ? settings.grantsPerMinute() : Math.min(own, settings.grantsPerMinute()));
    }

    private Bucket bucket(Rated rated) {
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(limit -> limit.capacity(rated.perMinute()).refillGreedy(rated.perMinute(), MINUTE))
                .build();
    }
}
