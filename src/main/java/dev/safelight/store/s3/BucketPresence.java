package dev.safelight.store.s3;

import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/// Tells a missing object from a missing bucket where the service does not: the answer to a HEAD has no body that could
/// name either.
///
/// Somebody who removed or renamed a bucket must not make all uploads look as if they never came. A bucket that was
/// there is believed for a while, so that looking after many silent uploads costs one request more, not twice as many.
final class BucketPresence {
    private static final Duration BELIEVED = Duration.ofMinutes(1);

    private final S3Client client;
    private final S3Settings settings;
    private final InstantSource clock;
    private final Map<Bucket, Instant> seen = new ConcurrentHashMap<>();

    BucketPresence(S3Client client, S3Settings settings, InstantSource clock) {
        this.client = client;
        this.settings = settings;
        this.clock = clock;
    }

    /// @throws IOException when the service has no such bucket
    void require(Bucket bucket) throws IOException {
        Instant now = clock.instant();
        Instant last = seen.get(bucket);
        if (last != null && now.isBefore(last.plus(BELIEVED))) {
            return;
        }
        String name = settings.name(bucket);
        try {
            client.headBucket(r -> r.bucket(name));
        } catch (SdkException e) {
            switch (S3Errors.status(e)) {
                case 404 -> throw new IOException("the store has no bucket " + name, e);
                case 403 -> {
                    // It is there: this identity may do something with its objects, and nothing with the bucket.
                }
                default -> throw S3Errors.failed("look for the bucket", name, e);
            }
        }
        seen.put(bucket, now);
    }
}
