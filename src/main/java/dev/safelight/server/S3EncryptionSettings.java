package dev.safelight.server;

import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.encryption.EncryptionKeys;
import dev.safelight.store.s3.S3Encryption;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an S3 service is asked to encrypt with, under `safelight.s3.encryption`.
///
/// @param kind none, sse-s3 (the service's own keys), sse-kms (a key service's) or sse-c (a key of ours, sent with
///     every request)
/// @param kmsKeyId for sse-kms; the service's default when absent
/// @param bucketKey for sse-kms, whether the service uses one data key per bucket for a while
/// @param keyFile for sse-c, a file with one line `id:key` that only its owner can read
/// @param key for sse-c, the same line itself, for the environment
/// @param buckets those it is for; all when empty. Originals cannot have sse-c, since clients send them
record S3EncryptionSettings(
        @DefaultValue("none") Kind kind,
        @Nullable String kmsKeyId,
        @DefaultValue("false") boolean bucketKey,
        @Nullable Path keyFile,
        @Nullable String key,
        @DefaultValue Set<Bucket> buckets) {
    private static final String PREFIX = "safelight.s3.encryption.";

    /// The three kinds that S3 knows, and none.
    enum Kind {
        NONE,
        SSE_S3,
        SSE_KMS,
        SSE_C
    }

    S3EncryptionSettings {
        buckets = buckets.isEmpty() ? EnumSet.allOf(Bucket.class) : Set.copyOf(buckets);
        if (kind != Kind.SSE_KMS && (kmsKeyId != null || bucketKey)) {
            throw new IllegalArgumentException(PREFIX + "kms-key-id and bucket-key are for the kind sse-kms only.");
        }
        if (kind != Kind.SSE_C && (keyFile != null || key != null)) {
            throw new IllegalArgumentException(PREFIX + "key-file and key are for the kind sse-c only.");
        }
        if (kind == Kind.SSE_C && keyFile == null && key == null) {
            throw new IllegalArgumentException(PREFIX + "key-file is needed for the kind sse-c.");
        }
        if (kind == Kind.SSE_C && buckets.contains(Bucket.RAW)) {
            throw new IllegalArgumentException(PREFIX + "kind: originals cannot have sse-c, because clients send them"
                    + " straight to the store and would have to be given the key. Leave them out with " + PREFIX
                    + "buckets=processed,user,marketing, and encrypt their bucket by a default of the service.");
        }
    }

    /// @throws IllegalArgumentException when the key would cross a network in plain text
    void requireSafe(URI endpoint) {
        if (kind == Kind.SSE_C && !"https".equals(endpoint.getScheme()) && !isLoopback(endpoint.getHost())) {
            throw new IllegalArgumentException(PREFIX + "kind: sse-c sends its key with every request, so"
                    + " safelight.s3.endpoint must begin with https://, unless it is on this machine.");
        }
    }

    private static boolean isLoopback(@Nullable String host) {
        return host != null && (host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}|\\[::1]"));
    }

    S3Encryption read() {
        return new S3Encryption(
                switch (kind) {
                    case NONE -> new S3Encryption.Method.None();
                    case SSE_S3 -> new S3Encryption.Method.Managed();
                    case SSE_KMS -> new S3Encryption.Method.Kms(kmsKeyId, bucketKey);
                    case SSE_C -> new S3Encryption.Method.CustomerKey(customerKey());
                },
                buckets);
    }

    private byte[] customerKey() {
        EncryptionKeys keys = EncryptionKeys.read(PREFIX, keyFile, key, null);
        if (keys.ids().size() != 1) {
            throw new Failure(Failure.Kind.INVALID, PREFIX + "key-file: sse-c takes one key, not several.");
        }
        return keys.writingKey();
    }

    @Override
    public String toString() {
        return "S3EncryptionSettings[" + kind + ", " + buckets + "]";
    }
}
