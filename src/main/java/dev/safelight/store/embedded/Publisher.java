package dev.safelight.store.embedded;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way an object comes into being: staged, checked, synced, published, and then told to the listener.
final class Publisher {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final StoreFolder folder;
    private final Map<String, Bucket> buckets;
    private final ObjectCreatedListener listener;
    private final InstantSource clock;
    private final AtomicLong sequence = new AtomicLong();

    Publisher(StoreFolder folder, Map<String, Bucket> buckets, ObjectCreatedListener listener, InstantSource clock) {
        this.folder = folder;
        this.buckets = buckets;
        this.listener = listener;
        this.clock = clock;
    }

    /// Only a courtesy that saves a transfer: publishing decides.
    ///
    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 412 if there is an object that must stay
    void requireAbsent(String bucket, String key, boolean replace) {
        if (!replace && Files.exists(folder.file(bucket, key))) {
            throw StoreError.PRECONDITION_FAILED.with("There is an object under this key already.");
        }
    }

    Staging staging() {
        return folder.staging();
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 412 if there is an object that must stay
    void publish(Staging.Staged staged, String bucket, String key, boolean replace, String how) {
        try {
            folder.publish(staged.file(), bucket, key, replace);
            tell(bucket, key, how, staged.bytes(), staged.etag());
        } catch (FileAlreadyExistsException e) {
            requireFree(bucket, key);
            throw StoreError.PRECONDITION_FAILED.with("There is an object under this key already.", e);
        } catch (IOException e) {
            requireFree(bucket, key);
            throw new UncheckedIOException(e);
        }
    }

    /// Keys are paths: one cannot be both an object and the folder of others.
    private void requireFree(String bucket, String key) {
        boolean free = !Files.isDirectory(folder.file(bucket, key));
        for (int slash = key.indexOf('/'); slash > 0; slash = key.indexOf('/', slash + 1)) {
            free &= !Files.isRegularFile(folder.file(bucket, key.substring(0, slash)));
        }
        if (!free) {
            throw StoreError.INVALID_ARGUMENT.with("The key is a folder of other keys, or below one.");
        }
    }

    private void tell(String bucketName, String key, String how, long bytes, String etag) {
        Bucket bucket = Objects.requireNonNull(buckets.get(bucketName));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ObjectCreated event =
                new ObjectCreated(new BlobKey(bucket, key), bucketName, how, bytes, etag, sequencer(now), now);
        try {
            listener.created(event);
        } catch (RuntimeException e) {
            log.error("No event for the object {}; the sweep of silent uploads asks for it by its key", event.key(), e);
        }
    }

    /// Time, so that it also grows over restarts, pushed on where two objects share a microsecond.
    private String sequencer(Instant now) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        return String.format("%016X", sequence.updateAndGet(last -> Math.max(last + 1, micros)));
    }
}
