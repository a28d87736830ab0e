package dev.safelight.testing;

import static java.util.Objects.requireNonNull;

import dev.safelight.asset.Bucket;
import dev.safelight.store.s3.S3Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/// The S3 service that the environment names for tests, with buckets for them; `./run it-ceph` starts a real Ceph
/// and names it.
///
/// Its owner owns all buckets. The identities of roles can do nothing until a bucket policy lets them.
public final class ExternalS3 {
    /// The variable that says whether there is such a service, for the conditions of tests.
    public static final String ENDPOINT = "SAFELIGHT_TEST_S3_ENDPOINT";

    private static final String PREFIX = "SAFELIGHT_TEST_S3_";
    private static final String REGION = "us-east-1";

    private ExternalS3() {}

    /// A user of the service.
    ///
    /// @param user as bucket policies of Ceph name it, `arn:aws:iam:::user/{user}`
    public record Identity(String user, String accessKey, String secretKey) {}

    public static URI endpoint() {
        return URI.create(environment("ENDPOINT"));
    }

    public static Identity owner() {
        return new Identity("safelight", environment("ACCESS_KEY"), environment("SECRET_KEY"));
    }

    /// Another user, who owns nothing.
    ///
    /// @param role UPLOADER, WORKER, DELIVERY or MARKETING
    public static Identity of(String role) {
        return new Identity(
                environment(role + "_USER"), environment(role + "_ACCESS_KEY"), environment(role + "_SECRET_KEY"));
    }

    /// How long a day of lifecycle rules lasts there, where that is shorter than a day.
    public static Optional<Duration> lifecycleDay() {
        return Optional.ofNullable(System.getenv(PREFIX + "LIFECYCLE_DAY"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    /// Names of four buckets, which may not exist yet.
    public static Map<Bucket, String> names(String prefix) {
        return Arrays.stream(Bucket.values())
                .collect(Collectors.toMap(bucket -> bucket, bucket -> prefix + "-" + bucket.text()));
    }

    /// What the owner uses four existing buckets with.
    public static S3Settings settings(String prefix) {
        return settings(owner(), names(prefix));
    }

    public static S3Settings settings(Identity identity, Map<Bucket, String> names) {
        return new S3Settings(endpoint(), endpoint(), REGION, true, identity.accessKey(), identity.secretKey(), names);
    }

    /// Creates four buckets of the owner, unless they are there.
    public static S3Settings withBuckets(String prefix) {
        try (S3Client client = client(owner())) {
            names(prefix).values().forEach(name -> create(client, name));
        }
        return settings(prefix);
    }

    /// A plain client, for what tests arrange and look at.
    public static S3Client client(Identity identity) {
        return S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(identity.accessKey(), identity.secretKey())))
                .build();
    }

    private static void create(S3Client client, String name) {
        try {
            client.createBucket(b -> b.bucket(name));
        } catch (BucketAlreadyOwnedByYouException e) {
            // An earlier run made it.
        }
    }

    private static String environment(String name) {
        return requireNonNull(System.getenv(PREFIX + name), PREFIX + name);
    }
}
