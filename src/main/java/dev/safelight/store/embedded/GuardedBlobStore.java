package dev.safelight.store.embedded;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.Rights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
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
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The files of the store as one identity may use them, with durable writes.
///
/// Everything not spelled out here is refused by [RefusingBlobStore].
final class GuardedBlobStore extends RefusingBlobStore {
    /// File names end at 255 bytes, and tools like to lengthen them.
    private static final int LONGEST_SEGMENT = 200;

    private final StoreFolder folder;
    private final Publisher publisher;
    private final Map<String, Bucket> buckets;
    private final Function<Bucket, Set<Rights>> rights;
    private final ApprovedReads approved;
    private final PartFolder parts;

    GuardedBlobStore(
            BlobStore files,
            StoreFolder folder,
            Publisher publisher,
            Map<String, Bucket> buckets,
            Function<Bucket, Set<Rights>> rights,
            ApprovedReads approved,
            PartFolder parts) {
        super(files);
        this.folder = folder;
        this.publisher = publisher;
        this.buckets = buckets;
        this.rights = rights;
        this.approved = approved;
        this.parts = parts;
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
        return delegate().blobExists(bucket, key);
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        requireRead(request.bucket(), request.key());
        return delegate().blobMetadata(request);
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        requireRead(request.bucket(), request.key());
        return delegate().getBlob(request);
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        requireRead(bucket, key);
        return ObjectCannedACL.PRIVATE;
    }

    // Writing

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        requireWrite(request.bucket(), request.key());
        boolean replace = mayReplace(request.bucket()) && request.ifNoneMatch() == null;
        publisher.requireAbsent(request.bucket(), request.key(), replace);
        try (Staging.Staged staged = publisher.staging().write(headers(request), payload)) {
            publisher.publish(staged, request.bucket(), request.key(), replace, "Put");
            return PutObjectResponse.builder().eTag(staged.etag()).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private KeptHeaders headers(PutObjectRequest request) {
        return KeptHeaders.of(request).with(SentTags.current(granted(request.bucket())));
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        requireWrite(request.destinationBucket(), request.destinationKey());
        boolean replace = mayReplace(request.destinationBucket());
        publisher.requireAbsent(request.destinationBucket(), request.destinationKey(), replace);
        GetObjectRequest source = GetObjectRequest.builder()
                .bucket(request.sourceBucket())
                .key(request.sourceKey())
                .ifMatch(request.copySourceIfMatch())
                .ifNoneMatch(request.copySourceIfNoneMatch())
                .ifModifiedSince(request.copySourceIfModifiedSince())
                .ifUnmodifiedSince(request.copySourceIfUnmodifiedSince())
                .build();
        try (var bytes = getBlob(source);
                var staged = publisher.staging().write(copiedHeaders(request, bytes.response()), bytes)) {
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

    private KeptHeaders copiedHeaders(CopyObjectRequest request, GetObjectResponse source) throws IOException {
        TagSet tags = FileTags.read(folder.file(request.sourceBucket(), request.sourceKey()));
        return copiedHeaders(source, request).with(SentTags.currentOfCopy(tags, granted(request.destinationBucket())));
    }

    private static KeptHeaders copiedHeaders(GetObjectResponse source, CopyObjectRequest request) {
        if (request.metadataDirective() == MetadataDirective.REPLACE) {
            return new KeptHeaders(
                    request.contentType(),
                    request.cacheControl(),
                    request.contentDisposition(),
                    request.contentEncoding(),
                    request.contentLanguage(),
                    request.metadata());
        }
        return KeptHeaders.of(source);
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        require(request.bucket(), Rights.DELETE);
        requireStorable(request.key());
        folder.beforeRemoval(request.bucket(), request.key());
        return delegate().removeBlob(request);
    }

    // Parts whose bodies are signed in chunks; all else of uploads in parts comes from MultipartRequests

    @Override
    public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request, InputStream in) {
        require(upload.containerName(), Rights.CREATE);
        PartFolder.Upload target = parts.find(upload.id(), upload.containerName(), upload.blobName());
        try (Staging.Staged staged = publisher.staging().write(KeptHeaders.none(), in)) {
            parts.keep(target, request.partNumber(), staged);
            return UploadPartResponse.builder().eTag(staged.etag()).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long getMinimumMultipartPartSize() {
        return MultipartUploads.SMALLEST_PART;
    }

    // Rights

    private void require(@Nullable String bucketName, Rights right) {
        if (!granted(bucketName).contains(right)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
    }

    /// Where only what is approved may be read, that is asked of each object.
    private void requireRead(@Nullable String bucket, @Nullable String key) {
        Set<Rights> rights = granted(bucket);
        if (rights.contains(Rights.READ)) {
            return;
        }
        if (bucket == null || key == null || !rights.contains(Rights.READ_APPROVED)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
        requireStorable(key);
        try {
            if (!approved.allow(folder.file(bucket, key))) {
                throw StoreError.ACCESS_DENIED.with("Access Denied");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
}
