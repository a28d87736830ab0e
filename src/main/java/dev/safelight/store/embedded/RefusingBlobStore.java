package dev.safelight.store.embedded;

import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAclRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Refuses everything, so that what extends it has to allow each method by name.
///
/// S3Proxy looks through a [ForwardingBlobStore] to learn what the store below can do, so this must extend it, although
/// it forwards what nobody thought of. A method that a later version adds is found by [#unguarded()], and then the
/// store does not start. Buckets and their configuration are ours alone: no identity may touch them.
abstract class RefusingBlobStore extends ForwardingBlobStore {
    RefusingBlobStore(BlobStore files) {
        super(files);
    }

    /// The methods that S3Proxy would forward past the rights, which must be none.
    static List<String> unguarded() {
        Set<String> guarded = Set.copyOf(signatures(RefusingBlobStore.class));
        return signatures(ForwardingBlobStore.class).stream()
                .filter(method -> !method.equals("delegate()") && !guarded.contains(method))
                .toList();
    }

    private static List<String> signatures(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> !method.isBridge() && !method.isSynthetic())
                .map(method -> method.getName()
                        + Arrays.toString(method.getParameterTypes())
                                .replace('[', '(')
                                .replace(']', ')'))
                .toList();
    }

    private static S3Exception refused() {
        return StoreError.ACCESS_DENIED.with("Access Denied");
    }

    @Override
    public void close() {
        // The store below is shared by all identities and closed by its owner.
    }

    @Override
    public ListBucketsResponse list() {
        throw refused();
    }

    @Override
    public CreateBucketResponse createContainer(CreateBucketRequest request) {
        throw refused();
    }

    @Override
    public BucketCannedACL getContainerAccess(String bucket) {
        return BucketCannedACL.PRIVATE;
    }

    @Override
    public GetBucketAclResponse getContainerAcl(GetBucketAclRequest request) {
        throw refused();
    }

    @Override
    public void setContainerAccess(String bucket, BucketCannedACL access) {
        throw refused();
    }

    @Override
    public void clearContainer(ListObjectsV2Request request) {
        throw refused();
    }

    @Override
    public void deleteContainer(String bucket) {
        throw refused();
    }

    @Override
    public void deleteBucket(String bucket) {
        throw refused();
    }

    @Override
    public boolean supportsVersioning() {
        return false;
    }

    @Override
    public boolean supportsServerSideEncryption() {
        return false;
    }

    @Override
    public boolean supportsBucketEncryption() {
        return false;
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        throw refused();
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        throw refused();
    }

    @Override
    public ListObjectVersionsResponse listVersions(ListObjectVersionsRequest request) {
        throw refused();
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest request) {
        throw refused();
    }

    @Override
    public PutBucketEncryptionResponse putBucketEncryption(PutBucketEncryptionRequest request) {
        throw refused();
    }

    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(DeleteBucketEncryptionRequest request) {
        throw refused();
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key, @Nullable String version) {
        throw refused();
    }

    @Override
    public GetObjectAclResponse getBlobAcl(GetObjectAclRequest request) {
        throw refused();
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access) {
        throw refused();
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access, @Nullable String version) {
        throw refused();
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        throw refused();
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        throw refused();
    }

    @Override
    public boolean blobExists(String bucket, String key) {
        throw refused();
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        throw refused();
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        throw refused();
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        throw refused();
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        throw refused();
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        throw refused();
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        throw refused();
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        throw refused();
    }

    @Override
    public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest request, InputStream in) {
        throw refused();
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        throw refused();
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        throw refused();
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        throw refused();
    }

    @Override
    public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(String bucket) {
        throw refused();
    }

    @Override
    public long getMinimumMultipartPartSize() {
        throw refused();
    }
}
