package dev.safelight.store.embedded;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// The one way an object comes into being: staged, checked, synced, published, and then told to the listener.
final class Publisher {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    /// Attributes share one block of the file system, often 4 KB; beyond it they vanish without an error.
    private static final int ATTRIBUTES = 2048;

    private final StoreFolder folder;
    private final BlobStore files;
    private final Map<String, Bucket> buckets;
    private final ObjectCreatedListener listener;
    private final InstantSource clock;
    private final AtomicLong sequence = new AtomicLong();

    Publisher(
            StoreFolder folder,
            BlobStore files,
            Map<String, Bucket> buckets,
            ObjectCreatedListener listener,
            InstantSource clock) {
        this.folder = folder;
        this.files = files;
        this.buckets = buckets;
        this.listener = listener;
        this.clock = clock;
    }

    /// A complete file that is not yet an object; closing it without publishing removes it.
    record Staged(Path file, String etag) implements AutoCloseable {
        long bytes() throws IOException {
            return Files.size(file);
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                log.warn("A staged file stays until the next start", e);
            }
        }
    }

    boolean exists(String bucket, String key) {
        return Files.exists(folder.file(bucket, key));
    }

    /// Writes bytes and headers to disk, out of everybody's sight; what the stream throws goes on to the caller.
    Staged stage(PutObjectRequest headers, InputStream bytes) {
        requireSmallHeaders(headers);
        String name = UUID.randomUUID().toString();
        String etag = files.putBlob(
                        headers.toBuilder()
                                .bucket(StoreFolder.STAGING)
                                .key(name)
                                .ifMatch(null)
                                .ifNoneMatch(null)
                                .build(),
                        bytes)
                .eTag();
        Staged staged = new Staged(
                folder.file(StoreFolder.STAGING, name),
                Objects.requireNonNull(etag).replace("\"", ""));
        try {
            requireKept(headers, files.blobMetadata(StoreFolder.STAGING, name));
            return staged;
        } catch (RuntimeException e) {
            staged.close();
            throw e;
        }
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 412 if there is an object that must stay
    void publish(Staged staged, String bucket, String key, boolean replace, String how) {
        try {
            long bytes = staged.bytes();
            folder.publish(staged.file(), bucket, key, replace);
            tell(bucket, key, how, bytes, staged.etag());
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

    static void requireSmallHeaders(PutObjectRequest headers) {
        long size = headers.metadata().entrySet().stream()
                .mapToLong(e -> e.getKey().length() + e.getValue().length())
                .sum();
        for (String header : new String[] {
            headers.contentType(),
            headers.cacheControl(),
            headers.contentDisposition(),
            headers.contentEncoding(),
            headers.contentLanguage()
        }) {
            size += header == null ? 0 : header.length();
        }
        if (size > ATTRIBUTES) {
            throw StoreError.METADATA_TOO_LARGE.with("The headers kept with an object may not exceed 2 KB.");
        }
    }

    /// S3Proxy ignores a file system that refuses an attribute, for instance because it is full.
    static void requireKept(PutObjectRequest wanted, HeadObjectResponse kept) {
        boolean complete = kept.eTag() != null
                && (wanted.contentType() == null || wanted.contentType().equals(kept.contentType()))
                && Objects.equals(wanted.cacheControl(), kept.cacheControl())
                && kept.metadata().entrySet().containsAll(wanted.metadata().entrySet());
        if (!complete) {
            throw StoreError.INSUFFICIENT_STORAGE.with("The file system did not keep the object's headers.");
        }
    }
}
