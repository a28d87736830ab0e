package dev.safelight.server;

import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3Settings;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// An S3 service that is used instead of the embedded store, under `safelight.s3`.
///
/// @param endpoint such as `https://s3.eu-central-1.amazonaws.com`
/// @param publicEndpoint under which clients reach it, when that is another
/// @param pathStyle whether buckets are path segments; false for Amazon
/// @param buckets the real names of raw, processed, user and marketing
/// @param keys the credentials of each identity that the roles of the process use: uploader for api; uploader and
///     worker for worker; delivery for delivery, and worker where it keeps results in the bucket; admin where an
///     api may remove orphans by hand
@ConfigurationProperties("safelight.s3")
record ExternalStoreSettings(
        @Nullable URI endpoint,
        @Nullable URI publicEndpoint,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("true") boolean pathStyle,
        @DefaultValue Map<Bucket, String> buckets,
        @DefaultValue Map<StoreRole, Key> keys) {

    /// The credentials of one role.
    record Key(String accessKey, String secretKey) {
        @Override
        public String toString() {
            return "Key[" + accessKey + "]";
        }
    }

    S3Settings of(StoreRole role) {
        Key key = keys.get(role);
        if (endpoint == null || key == null) {
            String name = role.name().toLowerCase(Locale.ROOT);
            throw new IllegalArgumentException(
                    "safelight.s3.keys.%s needs access-key and secret-key: the roles of this process use this identity."
                            .formatted(name));
        }
        return new S3Settings(
                endpoint,
                publicEndpoint == null ? endpoint : publicEndpoint,
                region,
                pathStyle,
                key.accessKey(),
                key.secretKey(),
                buckets);
    }
}
