package dev.safelight.store.s3;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.OpenUpload;
import dev.safelight.store.StoredPart;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/// Uploads in parts in any S3 service, as one of its identities sees them.
public final class S3MultipartUploads implements MultipartUploads, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(S3MultipartUploads.class);

    private static final Set<String> WRONG_PARTS =
            Set.of("InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML");

    private final S3Settings settings;
    private final S3Client client;
    private final S3Client joiner;

    public S3MultipartUploads(S3Settings settings) {
        this(settings, S3Clients.SILENCE, S3Clients.SILENCE_OF_JOINING);
    }

    /// @param silence how long to wait for an answer
    /// @param silenceOfJoining the same for that to a completion
    S3MultipartUploads(S3Settings settings, Duration silence, Duration silenceOfJoining) {
        this.settings = settings;
        this.client = S3Clients.open(settings, false, silence);
        this.joiner = S3Clients.open(settings, false, silenceOfJoining);
    }

    @Override
    public String create(BlobKey key, String contentType) throws IOException {
        try {
            return client.createMultipartUpload(r -> r.bucket(settings.name(key.bucket()))
                            .key(key.key())
                            .contentType(contentType)
                            .overrideConfiguration(
                                    S3Encryption.with(settings.encryption().onWrite(key.bucket()))))
                    .uploadId();
        } catch (SdkException e) {
            if (S3Errors.status(e) == 412) {
                throw new Failure(Failure.Kind.CONFLICT, "There is an object under the key " + key + " already.", e);
            }
            throw failed("begin an upload of", key, e);
        }
    }

    @Override
    public Optional<List<StoredPart>> parts(BlobKey key, String uploadId) throws IOException {
        List<StoredPart> parts = new ArrayList<>();
        Integer marker = null;
        do {
            ListPartsResponse page;
            try {
                page = listParts(key, uploadId, marker);
            } catch (SdkException e) {
                if (isUnknown(e)) {
                    return Optional.empty();
                }
                throw failed("list the parts of", key, e);
            }
            for (Part part : page.parts()) {
                parts.add(new StoredPart(part.partNumber(), part.size(), S3Errors.unquote(part.eTag())));
            }
            Integer next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextPartNumberMarker() : null;
            if (next != null && marker != null && next <= marker) {
                throw new IOException("cannot list the parts of " + key + ": the store repeats itself");
            }
            marker = next;
        } while (marker != null);
        parts.sort(Comparator.comparingInt(StoredPart::number));
        return Optional.of(parts);
    }

    private ListPartsResponse listParts(BlobKey key, String uploadId, @Nullable Integer marker) {
        return client.listParts(r -> r.bucket(settings.name(key.bucket()))
                .key(key.key())
                .uploadId(uploadId)
                .partNumberMarker(marker));
    }

    @Override
    public boolean complete(BlobKey key, String uploadId, List<StoredPart> parts) throws IOException {
        requireJoinable(key, parts);
        List<CompletedPart> wanted = parts.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag(part.etag())
                        .build())
                .toList();
        if (isTaken(key)) {
            return false;
        }
        try {
            joiner.completeMultipartUpload(r -> r.bucket(settings.name(key.bucket()))
                    .key(key.key())
                    .uploadId(uploadId)
                    .ifNoneMatch("*")
                    .multipartUpload(m -> m.parts(wanted)));
            return true;
        } catch (SdkException e) {
            if (isUnknown(e) || S3Errors.status(e) == 412) {
                return false;
            }
            if (WRONG_PARTS.contains(S3Errors.code(e))) {
                throw wrong(key, "one of them is missing, too small or has changed, or others have arrived.", e);
            }
            // Ceph takes an upload that it does not know for one that is being completed.
            if (S3Errors.status(e) >= 500 && parts(key, uploadId).isEmpty()) {
                return false;
            }
            throw failed("complete", key, e);
        }
    }

    /// Checked here because not every service does.
    private static void requireJoinable(BlobKey key, List<StoredPart> parts) {
        if (parts.isEmpty() || parts.size() > MOST_PARTS) {
            throw wrong(key, "there must be from 1 to %d of them.".formatted(MOST_PARTS), null);
        }
        int last = 0;
        for (StoredPart part : parts) {
            if (part.number() <= last) {
                throw wrong(key, "they are not in the order of their numbers.", null);
            }
            last = part.number();
            if (last < parts.getLast().number() && part.bytes() < SMALLEST_PART) {
                throw wrong(
                        key,
                        "part %d has %d bytes; each but the last needs at least %d."
                                .formatted(last, part.bytes(), SMALLEST_PART),
                        null);
            }
        }
    }

    private static Failure wrong(BlobKey key, String why, @Nullable SdkException cause) {
        String message = "The parts of " + key + " cannot be joined: " + why;
        return cause == null
                ? new Failure(Failure.Kind.CONFLICT, message)
                : new Failure(Failure.Kind.CONFLICT, message, cause);
    }

    /// Not every service knows the condition that is sent besides. Whoever may not look relies on that.
    private boolean isTaken(BlobKey key) throws IOException {
        try {
            client.headObject(r -> r.bucket(settings.name(key.bucket()))
                    .key(key.key())
                    .overrideConfiguration(
                            S3Encryption.with(settings.encryption().onRead(key.bucket()))));
            return true;
        } catch (SdkException e) {
            if (S3Errors.isMissing(e) || S3Errors.status(e) == 403) {
                return false;
            }
            throw failed("complete", key, e);
        }
    }

    @Override
    public void abort(BlobKey key, String uploadId) throws IOException {
        try {
            client.abortMultipartUpload(
                    r -> r.bucket(settings.name(key.bucket())).key(key.key()).uploadId(uploadId));
        } catch (SdkException e) {
            if (!isUnknown(e)) {
                throw failed("abort", key, e);
            }
        }
    }

    @Override
    public void list(Bucket bucket, String prefix, Consumer<List<OpenUpload>> page) throws IOException {
        Set<List<String>> seen = new HashSet<>();
        String key = null;
        String upload = null;
        do {
            ListMultipartUploadsResponse answer = listPage(bucket, prefix, key, upload);
            page.accept(known(bucket, answer.uploads()));
            boolean more = Boolean.TRUE.equals(answer.isTruncated());
            key = more ? answer.nextKeyMarker() : null;
            upload = more ? answer.nextUploadIdMarker() : null;
            if (key != null && !seen.add(List.of(key, String.valueOf(upload)))) {
                throw new IOException("cannot list the uploads of " + bucket.text() + ": the store repeats itself");
            }
        } while (key != null);
    }

    private ListMultipartUploadsResponse listPage(
            Bucket bucket, String prefix, @Nullable String key, @Nullable String upload) throws IOException {
        try {
            return client.listMultipartUploads(r -> r.bucket(settings.name(bucket))
                    .prefix(prefix)
                    .keyMarker(key)
                    .uploadIdMarker(upload));
        } catch (SdkException e) {
            throw failed("list the uploads of", bucket.text() + ":" + prefix, e);
        }
    }

    private static List<OpenUpload> known(Bucket bucket, List<MultipartUpload> uploads) {
        List<OpenUpload> known = new ArrayList<>(uploads.size());
        for (MultipartUpload upload : uploads) {
            if (!BlobKey.isValid(upload.key())) {
                log.warn("Ignoring an upload with a foreign key in bucket {}", bucket.text());
            } else if (upload.initiated() == null) {
                log.warn("Ignoring an upload of {} of which the store does not say when it began", upload.key());
            } else {
                known.add(new OpenUpload(new BlobKey(bucket, upload.key()), upload.uploadId(), upload.initiated()));
            }
        }
        return known;
    }

    /// No caller can help it when our own identity is refused, so that it is not told to be forbidden anything.
    private static IOException failed(String operation, Object key, SdkException e) {
        try {
            return S3Errors.failed(operation, key, e);
        } catch (Failure refused) {
            log.error("{}; check the credentials and the rights of this identity", refused.getMessage(), e);
            throw new Failure(Failure.Kind.UNAVAILABLE, "The object store cannot be used at present.", refused);
        }
    }

    /// A missing bucket is a mistake in the configuration; all else that is missing is the upload.
    private static boolean isUnknown(SdkException e) {
        return S3Errors.isMissing(e) || S3Errors.code(e).equals("NoSuchUpload");
    }

    @Override
    public void close() {
        client.close();
        joiner.close();
    }
}
