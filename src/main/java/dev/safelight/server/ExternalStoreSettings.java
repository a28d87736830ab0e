package dev.safelight.server;

import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3Settings;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// An S3 service that is used instead of the embedded store, under `safelight.s3`.
///
/// @param endpoint such as `https://s3.eu-central-1.amazonaws.com`
/// @param publicEndpoint under which clients reach it, when that is another
/// @param pathStyle whether buckets are path segments; false for Amazon
/// @param buckets the real names of raw, processed, user and marketing
/// @param keys the credentials of each role: uploader, worker, delivery and marketing; admin where originals may
///     be removed by hand and buckets be set up from here. Without those of marketing, the worker's serve for
///     its bucket, too, as far as they have the right
@ConfigurationProperties("safelight.s3")
record ExternalStoreSettings(
        @Nullable URI endpoint,
        @Nullable URI publicEndpoint,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("true") boolean pathStyle,
        @DefaultValue Map<Bucket, String> buckets,
        @DefaultValue Map<StoreRole, Key> keys) {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalStoreSettings.class);

    /// The credentials of one role.
    record Key(String accessKey, String secretKey) {
        Key {
            if (isBlank(accessKey) || isBlank(secretKey)) {
                throw new IllegalArgumentException(
                        "safelight.s3.keys needs both access-key and secret-key of each role that it names");
            }
        }

        /// Left out, they come as null.
        private static boolean isBlank(@Nullable String text) {
            return text == null || text.isBlank();
        }

        @Override
        public String toString() {
            return "Key[" + accessKey + "]";
        }
    }

    S3Settings of(StoreRole role) {
        Key key = keys.get(role);
        if (key == null && role == StoreRole.MARKETING) {
            LOG.warn("safelight.s3.keys.marketing is not set: the marketing bucket is used as the worker");
            key = keys.get(StoreRole.WORKER);
        }
        if (endpoint == null || key == null) {
            throw new IllegalArgumentException(
                    "safelight.s3.keys needs access-key and secret-key of the role " + role.text());
        }
        return new S3Settings(
                endpoint,
                publicEndpoint == null ? endpoint : publicEndpoint,
                region,
                pathStyle,
                key.accessKey(),
                key.secretKey(),
                names());
    }

    /// The real names of all buckets.
    Map<Bucket, String> names() {
        for (Bucket bucket : Bucket.values()) {
            if (!buckets.containsKey(bucket)) {
                throw new IllegalArgumentException("safelight.s3.buckets needs a name for " + bucket.text());
            }
        }
        return buckets;
    }
}
