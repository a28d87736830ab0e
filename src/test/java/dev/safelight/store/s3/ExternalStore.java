package dev.safelight.store.s3;

import static java.util.Objects.requireNonNull;

import dev.safelight.asset.Bucket;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/// The service that the environment names, with buckets for tests.
final class ExternalStore {
    private ExternalStore() {}

    static S3Settings open() {
        URI endpoint = URI.create(environment("ENDPOINT"));
        S3Settings settings = new S3Settings(
                endpoint,
                endpoint,
                "us-east-1",
                true,
                environment("ACCESS_KEY"),
                environment("SECRET_KEY"),
                Arrays.stream(Bucket.values())
                        .collect(Collectors.toMap(bucket -> bucket, bucket -> "safelight-test-" + bucket.text())));
        try (S3Client admin = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                .build()) {
            for (Bucket bucket : Bucket.values()) {
                create(admin, settings.name(bucket));
            }
        }
        return settings;
    }

    private static void create(S3Client admin, String name) {
        try {
            admin.createBucket(b -> b.bucket(name));
        } catch (BucketAlreadyOwnedByYouException e) {
            // An earlier run made it.
        }
    }

    private static String environment(String name) {
        return requireNonNull(System.getenv("SAFELIGHT_TEST_S3_" + name), name);
    }
}
