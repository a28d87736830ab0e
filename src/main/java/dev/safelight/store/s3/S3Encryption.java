package dev.safelight.store.s3;

import dev.safelight.asset.Bucket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/// What an S3 service is told to encrypt objects with, as the headers of S3's own three kinds of encryption at rest.
///
/// @param buckets whose objects it is for; a service may encrypt the others by a default of its own
public record S3Encryption(Method method, Set<Bucket> buckets) {
    private static final String PREFIX = "x-amz-server-side-encryption";
    private static final String CUSTOMER = PREFIX + "-customer-";

    /// Who holds the key.
    public sealed interface Method {
        /// Nobody: nothing is asked for.
        record None() implements Method {}

        /// The service itself (SSE-S3).
        record Managed() implements Method {}

        /// A key service beside it (SSE-KMS).
        ///
        /// @param keyId null for the service's default key
        /// @param bucketKey whether the service asks for a key per bucket rather than per object
        record Kms(@Nullable String keyId, boolean bucketKey) implements Method {}

        /// We do, and the service forgets it after each request (SSE-C).
        record CustomerKey(byte[] key) implements Method {
            @Override
            public String toString() {
                return "CustomerKey[]";
            }
        }
    }

    public S3Encryption {
        buckets = Set.copyOf(buckets);
        if (method instanceof Method.CustomerKey(byte[] key)) {
            if (key.length != 32) {
                throw new IllegalArgumentException("a customer key has 32 bytes, not " + key.length);
            }
            if (buckets.contains(Bucket.RAW)) {
                // Clients send originals themselves, and would have to be given the key for it.
                throw new IllegalArgumentException("the bucket of originals cannot have a customer key");
            }
        }
    }

    public static S3Encryption none() {
        return new S3Encryption(new Method.None(), Set.of());
    }

    /// The headers of a request that begins an object: PUT, form POST, the begin of an upload in parts.
    SortedMap<String, String> onWrite(Bucket bucket) {
        SortedMap<String, String> headers = new TreeMap<>();
        if (!buckets.contains(bucket)) {
            return headers;
        }
        switch (method) {
            case Method.None none -> {}
            case Method.Managed managed -> headers.put(PREFIX, "AES256");
            case Method.Kms(String keyId, boolean bucketKey) -> {
                headers.put(PREFIX, "aws:kms");
                if (keyId != null) {
                    headers.put(PREFIX + "-aws-kms-key-id", keyId);
                }
                if (bucketKey) {
                    headers.put(PREFIX + "-bucket-key-enabled", "true");
                }
            }
            case Method.CustomerKey customer -> headers.putAll(onRead(bucket));
        }
        return headers;
    }

    /// The headers of a request that needs the bytes or facts of an object that is there.
    SortedMap<String, String> onRead(Bucket bucket) {
        SortedMap<String, String> headers = new TreeMap<>();
        if (buckets.contains(bucket) && method instanceof Method.CustomerKey(byte[] key)) {
            headers.put(CUSTOMER + "algorithm", "AES256");
            headers.put(CUSTOMER + "key", Base64.getEncoder().encodeToString(key));
            headers.put(CUSTOMER + "key-md5", Base64.getEncoder().encodeToString(md5(key)));
        }
        return headers;
    }

    /// The same for a request of the SDK.
    static Consumer<AwsRequestOverrideConfiguration.Builder> with(Map<String, String> headers) {
        return request -> headers.forEach(request::putHeader);
    }

    private static byte[] md5(byte[] key) {
        try {
            return MessageDigest.getInstance("MD5").digest(key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
