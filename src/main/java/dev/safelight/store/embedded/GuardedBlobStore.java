package dev.safelight.store.embedded;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The files of the store as one identity may use them, with durable writes.
///
/// Everything not spelled out here is refused by [RefusingBlobStore].
final class GuardedBlobStore extends RefusingBlobStore {
    /// S3Proxy lengthens the parts of a key for its file names, which end at 255 bytes.
    private static final int LONGEST_SEGMENT = 200;

    private final StoreFolder folder;
    private final Publisher publisher;
    private final Map<String, Bucket> buckets;
    private final Function<Bucket, Set<Rights>> rights;
    private final Locks completions;

    GuardedBlobStore(
            BlobStore files,
            StoreFolder folder,
            Publisher publisher,
            Map<String, Bucket> buckets,
            Function<Bucket, Set<Rights>> rights,
            Locks completions) {
        super(files);
        this.folder = folder;
        this.publisher = publisher;
        this.buckets = buckets;
        this.rights = rights;
        this.completions = completions;
    }

    // Reading

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        require(request.bucket(), Rights.LIST);
        return delegate().list(request);
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        requireAny(request.bucket());
        return delegate().headBucket(request);
    }

    @Override
    public boolean blobExists(String bucket, String key) {
        requireRead(bucket, key);
        return delegate().blobExists(StoreFolder.container(bucket, key), key);
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        requireRead(request.bucket(), request.key());
        return delegate()
                .blobMetadata(request.toBuilder()
                        .bucket(StoreFolder.container(request.bucket(), request.key()))
                        .build());
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        requireRead(request.bucket(), request.key());
        return delegate()
                .getBlob(request.toBuilder()
                        .bucket(StoreFolder.container(request.bucket(), request.key()))
                        .build());
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        requireRead(bucket, key);
        return ObjectCannedACL.PRIVATE;
    }

    // Writing

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        if (StoreFolder.isUpload(request.key())) {
            // S3Proxy's own; it refuses such a key from a client.
            require(request.bucket(), Rights.CREATE);
            return delegate()
                    .putBlob(
                            request.toBuilder()
                                    .bucket(StoreFolder.multipart(request.bucket()))
                                    .build(),
                            payload);
        }
        requireWrite(request.bucket(), request.key());
        boolean replace = mayReplace(request.bucket()) && request.ifNoneMatch() == null;
        requireAbsent(request.bucket(), request.key(), replace);
        try (Publisher.Staged staged = publisher.stage(request, payload)) {
            publisher.publish(staged, request.bucket(), request.key(), replace, "Put");
            return PutObjectResponse.builder().eTag(staged.etag()).build();
        }
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        requireWrite(request.destinationBucket(), request.destinationKey());
        boolean replace = mayReplace(request.destinationBucket());
        requireAbsent(request.destinationBucket(), request.destinationKey(), replace);
        GetObjectRequest source = GetObjectRequest.builder()
                .bucket(request.sourceBucket())
                .key(request.sourceKey())
                .ifMatch(request.copySourceIfMatch())
                .ifNoneMatch(request.copySourceIfNoneMatch())
                .ifModifiedSince(request.copySourceIfModifiedSince())
                .ifUnmodifiedSince(request.copySourceIfUnmodifiedSince())
                .build();
        try (var bytes = getBlob(source);
                var staged = publisher.stage(copiedHeaders(request, bytes.response()), bytes)) {
            publisher.publish(staged, request.destinationBucket(), request.destinationKey(), replace, "Copy");
            return CopyObjectResponse.builder()
                    .copyObjectResult(
                            result -> result.eTag('"' + staged.etag() + '"').lastModified(lastModified(request)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Instant lastModified(CopyObjectRequest request) {
        return delegate()
                .blobMetadata(request.destinationBucket(), request.destinationKey())
                .lastModified();
    }

    private static PutObjectRequest copiedHeaders(CopyObjectRequest request, GetObjectResponse source) {
        if (request.metadataDirective() == MetadataDirective.REPLACE) {
            return PutObjectRequest.builder()
                    .contentType(request.contentType())
                    .cacheControl(request.cacheControl())
                    .contentDisposition(request.contentDisposition())
                    .contentEncoding(request.contentEncoding())
                    .contentLanguage(request.contentLanguage())
                    .metadata(request.metadata())
                    .build();
        }
        return PutObjectRequest.builder()
                .contentType(source.contentType())
                .cacheControl(source.cacheControl())
                .contentDisposition(source.contentDisposition())
                .contentEncoding(source.contentEncoding())
                .contentLanguage(source.contentLanguage())
                .metadata(source.metadata())
                .build();
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        if (StoreFolder.isUpload(request.key())) {
            require(request.bucket(), Rights.CREATE);
        } else {
            require(request.bucket(), Rights.DELETE);
        }
        return delegate()
                .removeBlob(request.toBuilder()
                        .bucket(StoreFolder.container(request.bucket(), request.key()))
                        .build());
    }

    // Multipart uploads, which live beside the bucket until they are complete

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        requireWrite(request.bucket(), request.key());
        requireAbsent(request.bucket(), request.key(), mayReplace(request.bucket()));
        Publisher.requireSmallHeaders(headers(request));
        return delegate()
                .initiateMultipartUpload(request.toBuilder()
                        .bucket(StoreFolder.multipart(request.bucket()))
                        .build());
    }

    @Override
    public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request, InputStream in) {
        require(upload.containerName(), Rights.CREATE);
        UploadPartResponse answer = delegate().uploadMultipartPart(inside(upload), request, in);
        try {
            folder.syncPart(
                    folder.part(upload.containerName(), upload.id(), upload.blobName(), request.partNumber()),
                    upload.containerName());
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// S3Proxy joins the parts under the key itself, so that two completions for one key must not meet.
    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        String bucket = upload.containerName();
        String key = upload.blobName();
        requireWrite(bucket, key);
        boolean replace = mayReplace(bucket) && request.ifNoneMatch() == null;
        Lock lock = completions.of(bucket + "/" + key);
        lock.lock();
        try {
            requireAbsent(bucket, key, replace);
            Publisher.requireSmallHeaders(headers(upload.request()));
            var answer = delegate()
                    .completeMultipartUpload(
                            inside(upload),
                            request.toBuilder().ifMatch(null).ifNoneMatch(null).build());
            String etag = Objects.requireNonNull(answer.eTag()).replace("\"", "");
            try (var joined = new Publisher.Staged(folder.file(StoreFolder.multipart(bucket), key), etag)) {
                Publisher.requireKept(
                        headers(upload.request()), delegate().blobMetadata(StoreFolder.multipart(bucket), key));
                publisher.publish(joined, bucket, key, replace, "CompleteMultipartUpload");
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        require(upload.containerName(), Rights.CREATE);
        delegate().abortMultipartUpload(inside(upload));
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        require(upload.containerName(), Rights.CREATE);
        return delegate().listMultipartUpload(inside(upload));
    }

    @Override
    public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(String bucket) {
        require(bucket, Rights.LIST);
        return delegate().listMultipartUploads(StoreFolder.multipart(bucket));
    }

    @Override
    public long getMinimumMultipartPartSize() {
        return delegate().getMinimumMultipartPartSize();
    }

    private static PutObjectRequest headers(CreateMultipartUploadRequest request) {
        return PutObjectRequest.builder()
                .contentType(request.contentType())
                .cacheControl(request.cacheControl())
                .contentDisposition(request.contentDisposition())
                .contentEncoding(request.contentEncoding())
                .contentLanguage(request.contentLanguage())
                .metadata(request.metadata())
                .build();
    }

    private static MultipartUpload inside(MultipartUpload upload) {
        return new MultipartUpload(
                upload.id(),
                upload.request().toBuilder()
                        .bucket(StoreFolder.multipart(upload.containerName()))
                        .build());
    }

    // Rights

    private void require(@Nullable String bucketName, Rights right) {
        if (!granted(bucketName).contains(right)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
    }

    private void requireAny(@Nullable String bucketName) {
        if (granted(bucketName).isEmpty()) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
    }

    private Set<Rights> granted(@Nullable String bucketName) {
        Bucket bucket = bucketName == null ? null : buckets.get(bucketName);
        return bucket == null ? Set.of() : rights.apply(bucket);
    }

    /// Whoever may upload may also read what S3Proxy remembers of uploads, but no object and no part of one.
    private void requireRead(@Nullable String bucket, @Nullable String key) {
        require(bucket, key != null && StoreFolder.isUpload(key) ? Rights.CREATE : Rights.READ);
    }

    private void requireWrite(@Nullable String bucket, @Nullable String key) {
        require(bucket, Rights.CREATE);
        requireStorable(key);
    }

    static void requireStorable(@Nullable String key) {
        if (key == null || !BlobKey.isValid(key)) {
            throw StoreError.INVALID_ARGUMENT.with("The store keeps keys of letters, digits and / . _ - only.");
        }
        if (StoreFolder.isReserved(key)) {
            throw StoreError.INVALID_ARGUMENT.with("Keys of this form are the store's own.");
        }
        for (String segment : key.split("/", -1)) {
            if (segment.length() > LONGEST_SEGMENT) {
                throw StoreError.KEY_TOO_LONG.with("A part of the key between slashes is too long.");
            }
        }
    }

    private boolean mayReplace(String bucket) {
        return granted(bucket).contains(Rights.WRITE);
    }

    /// Only a courtesy that saves a transfer: publishing decides.
    private void requireAbsent(String bucket, String key, boolean replace) {
        if (!replace && publisher.exists(bucket, key)) {
            throw StoreError.PRECONDITION_FAILED.with("There is an object under this key already.");
        }
    }

    /// Locks by key, of which a few may share one.
    static final class Locks {
        private final Lock[] stripes =
                Stream.generate(ReentrantLock::new).limit(64).toArray(Lock[]::new);

        Lock of(String key) {
            return stripes[Math.floorMod(key.hashCode(), stripes.length)];
        }
    }
}
