package dev.safelight.store.s3;

import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.BucketSetting;
import dev.safelight.store.BucketSetting.Aspect;
import dev.safelight.store.BucketSetup;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/// The setup of buckets in any S3 service, by what it answers and never by who made it.
public final class S3BucketSetup implements BucketSetup {
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final String PROBE = "safelight-probe";

    /// What services answer to a request for something they do not have.
    private static final Set<Integer> UNKNOWN = Set.of(405, 501);

    private static final Set<String> UNKNOWN_CODES =
            Set.of("NotImplemented", "MethodNotAllowed", "UnsupportedOperation", "XNotImplemented");

    /// What services answer where nothing is set.
    private static final Set<String> UNSET = Set.of(
            "NoSuchCORSConfiguration",
            "NoSuchLifecycleConfiguration",
            "NoSuchBucketPolicy",
            "NoSuchPolicy",
            "NoSuchTagSet",
            "NoSuchTagSetError",
            "NoSuchPublicAccessBlockConfiguration",
            "ServerSideEncryptionConfigurationNotFoundError");

    private final S3Settings settings;
    private final S3Client client;
    private final ReadBucket reader;
    private final WriteBucket writer;

    /// @param settings with the credentials of the administrator
    public S3BucketSetup(S3Settings settings) {
        this.settings = settings;
        this.client = S3Clients.open(settings, false, SILENCE);
        this.reader = new ReadBucket(client);
        this.writer = new WriteBucket(client);
    }

    @Override
    public String name(Bucket bucket) {
        return settings.name(bucket);
    }

    @Override
    public Presence presence(Bucket bucket) throws IOException {
        try {
            client.headBucket(r -> r.bucket(name(bucket)));
            return Presence.THERE;
        } catch (SdkException e) {
            return switch (S3Errors.status(e)) {
                case 404 -> Presence.MISSING;
                case 403 -> {
                    requireAccepted();
                    yield Presence.REFUSED;
                }
                case 301 ->
                    throw new Failure(
                            Failure.Kind.CONFLICT,
                            "The bucket %s is not in the region %s: see safelight.s3.region."
                                    .formatted(name(bucket), settings.region()),
                            e);
                default -> throw failed("look for the bucket", bucket, e);
            };
        }
    }

    /// A HEAD is refused without a word, wrong credentials as well as somebody else's bucket; a list says
    /// which.
    private void requireAccepted() throws IOException {
        try {
            client.listBuckets();
        } catch (SdkException e) {
            if (Set.of("InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed")
                    .contains(S3Errors.code(e))) {
                throw new Failure(
                        Failure.Kind.FORBIDDEN,
                        "The store does not accept the credentials safelight.s3.keys.admin (%s)."
                                .formatted(S3Errors.code(e)),
                        e);
            }
            if (S3Errors.status(e) != 403) {
                throw unreachable(e);
            }
        }
    }

    @Override
    public void create(Bucket bucket) throws IOException {
        CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(name(bucket));
        // Amazon wants to be told the region, except where it is this one; other services have none.
        if (isAmazon() && !settings.region().equals("us-east-1")) {
            request.createBucketConfiguration(c -> c.locationConstraint(settings.region()));
        }
        try {
            client.createBucket(request.build());
        } catch (SdkException e) {
            switch (S3Errors.code(e)) {
                case "BucketAlreadyOwnedByYou" -> {}
                case "BucketAlreadyExists", "OperationAborted" ->
                    throw new Failure(
                            Failure.Kind.CONFLICT,
                            "The name %s of the bucket %s is taken by somebody else: choose another in safelight.s3.buckets."
                                    .formatted(name(bucket), bucket.text()),
                            e);
                case "InvalidBucketName" ->
                    throw new Failure(
                            Failure.Kind.INVALID,
                            "The store does not take \"%s\" as the name of a bucket: see safelight.s3.buckets.%s."
                                    .formatted(name(bucket), bucket.text()),
                            e);
                default -> throw failed("create the bucket", bucket, e);
            }
        }
    }

    private boolean isAmazon() {
        String host = settings.endpoint().getHost();
        return host != null && (host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn"));
    }

    @Override
    public Found read(Bucket bucket, Aspect aspect) throws IOException {
        try {
            return reader.read(name(bucket), aspect);
        } catch (SdkException e) {
            if (UNSET.contains(S3Errors.code(e))) {
                return new Found.Set(new TreeSet<>());
            }
            if (isUnknown(e)) {
                return new Found.Unsupported("the store has no such setting");
            }
            throw failed("read " + aspect.text() + " of the bucket", bucket, e);
        }
    }

    @Override
    public void write(Bucket bucket, BucketSetting setting) throws IOException {
        try {
            writer.write(name(bucket), setting);
        } catch (SdkException e) {
            int status = S3Errors.status(e);
            if (isUnknown(e) || status == 400 || status == 404 || status == 409 || status == 422) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "the store does not take it (%d %s)".formatted(status, S3Errors.code(e)),
                        e);
            }
            throw failed("set " + setting.aspect().text() + " of the bucket", bucket, e);
        }
    }

    @Override
    public boolean hasStorageClass(Bucket bucket, String storageClass) throws IOException {
        try {
            String upload = client.createMultipartUpload(
                            r -> r.bucket(name(bucket)).key(PROBE).storageClass(storageClass))
                    .uploadId();
            client.abortMultipartUpload(r -> r.bucket(name(bucket)).key(PROBE).uploadId(upload));
            return true;
        } catch (SdkException e) {
            if (S3Errors.status(e) == 400 || isUnknown(e)) {
                return false;
            }
            throw failed("probe storage classes of the bucket", bucket, e);
        }
    }

    @Override
    public boolean hasObjectTags(Bucket bucket) throws IOException {
        try {
            client.getObjectTagging(r -> r.bucket(name(bucket)).key(PROBE));
            return true;
        } catch (SdkException e) {
            if (S3Errors.status(e) == 404) {
                return true;
            }
            if (S3Errors.status(e) == 400 || isUnknown(e)) {
                return false;
            }
            throw failed("probe the tags of objects of the bucket", bucket, e);
        }
    }

    private static boolean isUnknown(SdkException e) {
        return UNKNOWN.contains(S3Errors.status(e)) || UNKNOWN_CODES.contains(S3Errors.code(e));
    }

    private IOException failed(String operation, Bucket bucket, SdkException e) {
        String what = "%s %s".formatted(operation, name(bucket));
        if (S3Errors.status(e) == 403) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    "The credentials safelight.s3.keys.admin may not %s (%s)."
                            .formatted(what, S3Errors.code(e).isEmpty() ? "403" : S3Errors.code(e)),
                    e);
        }
        if (S3Errors.status(e) == 401 && S3Errors.code(e).isEmpty()) {
            return new IOException(
                    "%s answers 401 without a word, as no S3 service does: see safelight.s3.endpoint"
                            .formatted(settings.endpoint()),
                    e);
        }
        if (S3Errors.code(e).equals("NoSuchBucket")) {
            throw new Failure(Failure.Kind.NOT_FOUND, "There is no bucket %s any more.".formatted(name(bucket)), e);
        }
        return e instanceof SdkClientException
                ? unreachable(e)
                : new IOException(
                        "cannot %s: the store answers %d %s".formatted(what, S3Errors.status(e), S3Errors.code(e)), e);
    }

    private IOException unreachable(SdkException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new IOException(
                "the store at %s cannot be reached (%s): see safelight.s3.endpoint"
                        .formatted(settings.endpoint(), cause.getClass().getSimpleName()),
                e);
    }

    @Override
    public void close() {
        client.close();
    }
}
