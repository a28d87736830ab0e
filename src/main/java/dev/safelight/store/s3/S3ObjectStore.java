package dev.safelight.store.s3;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.ByteRange;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectPage;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.ObjectTags;
import dev.safelight.store.OpenObject;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Objects in any S3 service, as one of its identities sees them.
public final class S3ObjectStore implements ObjectStore, ObjectTags, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(S3ObjectStore.class);

    /// Up to here a body is signed as a whole. Ceph refuses an empty body in signed chunks, and they only pay off where
    /// reading a body twice costs something.
    private static final long SMALL = 64 << 10;

    private final S3Settings settings;
    private final InstantSource clock;
    private final S3Client client;
    private final S3Client whole;
    private final BucketPresence presence;
    private final S3Tags tags = new S3Tags();

    public S3ObjectStore(S3Settings settings, InstantSource clock) {
        this(settings, clock, S3Clients.SILENCE);
    }

    /// @param silence how long to wait for the next bytes
    S3ObjectStore(S3Settings settings, InstantSource clock, Duration silence) {
        this.settings = settings;
        this.clock = clock;
        this.client = S3Clients.open(settings, true, silence);
        this.whole = S3Clients.open(settings, false, silence);
        this.presence = new BucketPresence(client, settings, clock);
    }

    @Override
    public StoredObject put(BlobKey key, Content content, ObjectHeaders headers) throws IOException {
        long length = content.length();
        try {
            String etag = put(key, content, length, headers, tags.areMissing() ? null : S3Tags.header(headers.tags()));
            Instant stored = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            return new StoredObject(key, length, S3Errors.unquote(etag), headers.contentType(), stored);
        } catch (SdkException | UncheckedIOException e) {
            throw S3Errors.failed("put", key, e);
        }
    }

    private String put(BlobKey key, Content content, long length, ObjectHeaders headers, @Nullable String tagging) {
        try {
            return (length <= SMALL ? whole : client)
                    .putObject(
                            r -> r.bucket(settings.name(key.bucket()))
                                    .key(key.key())
                                    .contentType(headers.contentType())
                                    .cacheControl(headers.cacheControl())
                                    .tagging(tagging),
                            RequestBody.fromContentProvider(() -> open(content), length, headers.contentType()))
                    .eTag();
        } catch (SdkException e) {
            if (tagging != null && tags.isUnsupported(e)) {
                return put(key, content, length, headers, null);
            }
            throw e;
        }
    }

    @Override
    public Outcome setTags(BlobKey key, Map<String, String> wanted) throws IOException {
        try {
            whole.putObjectTagging(r ->
                    r.bucket(settings.name(key.bucket())).key(key.key()).tagging(t -> t.tagSet(S3Tags.list(wanted))));
            return Outcome.SET;
        } catch (SdkException e) {
            if (S3Errors.isMissing(e)) {
                return Outcome.MISSING;
            }
            if (tags.isUnsupported(e)) {
                return Outcome.UNSUPPORTED;
            }
            throw S3Errors.failed("tag", key, e);
        }
    }

    @Override
    public Optional<Map<String, String>> tags(BlobKey key) throws IOException {
        try {
            return Optional.of(S3Tags.map(whole.getObjectTagging(
                            r -> r.bucket(settings.name(key.bucket())).key(key.key()))
                    .tagSet()));
        } catch (SdkException e) {
            if (S3Errors.isMissing(e)) {
                return Optional.empty();
            }
            if (tags.isUnsupported(e)) {
                return Optional.of(Map.of());
            }
            throw S3Errors.failed("read the tags of", key, e);
        }
    }

    @Override
    public Optional<StoredObject> head(BlobKey key) throws IOException {
        try {
            var head =
                    client.headObject(r -> r.bucket(settings.name(key.bucket())).key(key.key()));
            return Optional.of(new StoredObject(
                    key, head.contentLength(), S3Errors.unquote(head.eTag()), head.contentType(), head.lastModified()));
        } catch (SdkException e) {
            if (S3Errors.isMissing(e)) {
                presence.require(key.bucket());
                return Optional.empty();
            }
            throw S3Errors.failed("head", key, e);
        }
    }

    @Override
    public Optional<OpenObject> open(BlobKey key, @Nullable ByteRange range, @Nullable String etag) throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(settings.name(key.bucket())).key(key.key());
        if (range != null) {
            request.range("bytes=" + range.first() + "-" + range.last());
        }
        if (etag != null) {
            request.ifMatch('"' + etag + '"');
        }
        try {
            var stream = client.getObject(request.build(), ResponseTransformer.toInputStream());
            GetObjectResponse facts = stream.response();
            return Optional.of(new OpenObject(
                    new StoredObject(
                            key,
                            wholeLength(facts),
                            S3Errors.unquote(facts.eTag()),
                            facts.contentType(),
                            facts.lastModified()),
                    stream));
        } catch (SdkException e) {
            if (S3Errors.isMissing(e) || (etag != null && S3Errors.status(e) == 412)) {
                return Optional.empty();
            }
            throw S3Errors.failed("open", key, e);
        }
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        try {
            client.deleteObject(r -> r.bucket(settings.name(key.bucket())).key(key.key()));
        } catch (SdkException e) {
            if (!S3Errors.isMissing(e)) {
                throw S3Errors.failed("delete", key, e);
            }
        }
    }

    @Override
    public void list(Bucket bucket, String prefix, Consumer<List<StoredObject>> page) throws IOException {
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(settings.name(bucket))
                .prefix(prefix)
                .build();
        String next = null;
        do {
            ListObjectsV2Response answer = listPage(
                    bucket,
                    prefix,
                    next == null
                            ? request
                            : request.toBuilder().continuationToken(next).build());
            page.accept(known(bucket, answer.contents()));
            next = answer.nextContinuationToken();
        } while (next != null);
    }

    @Override
    public ObjectPage page(Bucket bucket, String prefix, String after, int most) throws IOException {
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(settings.name(bucket))
                .prefix(prefix)
                .maxKeys(most)
                .startAfter(after.isEmpty() ? null : after)
                .build();
        ListObjectsV2Response answer = listPage(bucket, prefix, request);
        boolean more =
                Boolean.TRUE.equals(answer.isTruncated()) && !answer.contents().isEmpty();
        return new ObjectPage(
                known(bucket, answer.contents()),
                more ? answer.contents().getLast().key() : null);
    }

    private ListObjectsV2Response listPage(Bucket bucket, String prefix, ListObjectsV2Request request)
            throws IOException {
        try {
            return client.listObjectsV2(request);
        } catch (SdkException e) {
            throw S3Errors.failed("list", bucket.text() + ":" + prefix, e);
        }
    }

    /// Objects that somebody else put under keys we never choose are no business of ours.
    private static List<StoredObject> known(Bucket bucket, List<S3Object> objects) {
        List<StoredObject> known = new ArrayList<>(objects.size());
        for (S3Object object : objects) {
            if (BlobKey.isValid(object.key())) {
                BlobKey key = new BlobKey(bucket, object.key());
                known.add(new StoredObject(
                        key, object.size(), S3Errors.unquote(object.eTag()), null, object.lastModified()));
            } else {
                log.warn("Ignoring an object with a foreign key in bucket {}", bucket.text());
            }
        }
        return known;
    }

    @Override
    public void close() {
        client.close();
        whole.close();
    }

    private static InputStream open(Content content) {
        try {
            return content.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long wholeLength(GetObjectResponse facts) {
        String range = facts.contentRange();
        return range == null ? facts.contentLength() : Long.parseLong(range.substring(range.indexOf('/') + 1));
    }
}
