package dev.safelight.upload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.access.Caller;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// How many grants a key gets in a minute from this process: a token bucket that fills evenly.
@Component
final class GrantRate {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final UploadSettings settings;
    private final Cache<Rated, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    GrantRate(UploadSettings settings) {
        this.settings = settings;
    }

    /// A key and its rate, so that a changed rate starts anew.
    private record Rated(UUID keyId, long perMinute) {}

    /// @throws Failure BUSY when the key has used up its minute
    void take(Caller caller) {
        Integer own = caller.limits().grantsPerMinute();
        long perMinute = own == null ? settings.grantsPerMinute() : Math.min(own, settings.grantsPerMinute());
        Bucket bucket = buckets.get(new Rated(caller.keyId(), perMinute), GrantRate::bucket);
        if (!bucket.tryConsume(1)) {
            throw new Failure(
                    Failure.Kind.BUSY,
                    Reason.LIMIT_REACHED,
                    "This key gets %d grants in a minute; ask again in a moment.".formatted(perMinute));
        }
    }

    private static Bucket bucket(Rated rated) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rated.perMinute()).refillGreedy(rated.perMinute(), MINUTE))
                .build();
    }
}
