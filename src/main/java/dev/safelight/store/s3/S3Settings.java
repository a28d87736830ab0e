package dev.safelight.store.s3;

import dev.safelight.asset.Bucket;
import java.net.URI;
import java.util.Map;
import java.util.Objects;

/// Where an S3 service is and who we are to it.
///
/// @param endpoint for our own requests
/// @param publicEndpoint for clients, which may see the service under another name
/// @param pathStyle whether the bucket is the first segment of the path rather than part of the host name
/// @param buckets the real name of every [Bucket]
/// @param encryption what the service is told to encrypt objects with
public record S3Settings(
        URI endpoint,
        URI publicEndpoint,
        String region,
        boolean pathStyle,
        String accessKey,
        String secretKey,
        Map<Bucket, String> buckets,
        S3Encryption encryption) {

    /// What the embedded store answers of an object that it has and cannot decrypt.
    public static final String UNREADABLE = "UnreadableObject";

    public S3Settings {
        buckets = Map.copyOf(buckets);
        for (Bucket bucket : Bucket.values()) {
            if (!buckets.containsKey(bucket)) {
                throw new IllegalArgumentException("no name for the bucket '" + bucket.text() + "'");
            }
        }
    }

    /// A service that is told nothing of encryption.
    public S3Settings(
            URI endpoint,
            URI publicEndpoint,
            String region,
            boolean pathStyle,
            String accessKey,
            String secretKey,
            Map<Bucket, String> buckets) {
        this(endpoint, publicEndpoint, region, pathStyle, accessKey, secretKey, buckets, S3Encryption.none());
    }

    public S3Settings with(S3Encryption other) {
        return new S3Settings(endpoint, publicEndpoint, region, pathStyle, accessKey, secretKey, buckets, other);
    }

    public String name(Bucket bucket) {
        return Objects.requireNonNull(buckets.get(bucket));
    }

    @Override
    public String toString() {
        return "S3Settings[" + endpoint + " as " + accessKey + ", buckets " + buckets + "]";
    }
}
