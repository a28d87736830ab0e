package dev.safelight.server;

import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3Settings;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
/// @param keys the credentials of each identity that the roles of the process use: uploader for api;
///     uploader, worker and marketing for worker; delivery and renderer for delivery, and worker and
///     marketing where it keeps results in the bucket; admin where originals may be removed by hand and
///     buckets be set up from here. The worker's serve for marketing and renderer where those are not given,
///     as far as they have the right
/// @param httpsOnly whether a start with an endpoint that is not `https` is refused
/// @param encryption what the service is asked to encrypt with
@ConfigurationProperties("safelight.s3")
record ExternalStoreSettings(
        @Nullable URI endpoint,
        @Nullable URI publicEndpoint,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("true") boolean pathStyle,
        @DefaultValue Map<Bucket, String> buckets,
        @DefaultValue Map<StoreRole, Key> keys,
        @DefaultValue("false") boolean httpsOnly,
        @DefaultValue S3EncryptionSettings encryption) {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalStoreSettings.class);

    private static final String PREFIX = "safelight.s3.";

    ExternalStoreSettings {
        requireDifferent(buckets);
        if (endpoint == null && encryption.kind() != S3EncryptionSettings.Kind.NONE) {
            throw new IllegalArgumentException(
                    "safelight.s3.encryption.kind is for a service that safelight.s3.endpoint"
                            + " names; the embedded store is encrypted by safelight.embedded.encryption.key-file.");
        }
        if (endpoint == null || isEmbedded(endpoint)) {
            requireUnset("public-endpoint", publicEndpoint == null);
            requireUnset("buckets", buckets.isEmpty());
            requireUnset("keys", keys.isEmpty());
            requireUnset("https-only", !httpsOnly);
        } else {
            requireAddress(endpoint, "endpoint");
            requireAddress(publicEndpoint, "public-endpoint");
            encryption.requireSafe(endpoint);
            requireHttps(httpsOnly, endpoint, "endpoint");
            requireHttps(httpsOnly, publicEndpoint, "public-endpoint");
        }
    }

    private static boolean isEmbedded(URI endpoint) {
        return endpoint.toString().equals("embedded");
    }

    /// Whoever set it means a service, and must not get the embedded store in its place.
    private static void requireUnset(String name, boolean unset) {
        if (!unset) {
            throw new IllegalArgumentException(
                    PREFIX + name + " is for a service that safelight.s3.endpoint names, which"
                            + " is not set; without it the embedded store would be used.");
        }
    }

    /// Rights, expiry and what is public go by the bucket.
    private static void requireDifferent(Map<Bucket, String> buckets) {
        Map<String, Bucket> named = new HashMap<>();
        new TreeMap<>(buckets).forEach((bucket, name) -> {
            Bucket other = named.putIfAbsent(name, bucket);
            if (other != null) {
                throw new IllegalArgumentException(
                        "%sbuckets.%s and %sbuckets.%s must be different buckets, not both \"%s\"."
                                .formatted(PREFIX, other.text(), PREFIX, bucket.text(), name));
            }
        });
    }

    private static void requireAddress(@Nullable URI address, String name) {
        if (address != null
                && (address.getHost() == null
                        || address.getUserInfo() != null
                        || !Set.of("http", "https").contains(String.valueOf(address.getScheme())))) {
            // What stands before an @ may be secret.
            throw new IllegalArgumentException(
                    "%s%s must be an address such as https://s3.eu-central-1.amazonaws.com, not \"%s\"."
                            .formatted(PREFIX, name, address.toString().replaceFirst("[^/]*@", "…@")));
        }
    }

    private static void requireHttps(boolean httpsOnly, @Nullable URI address, String name) {
        if (httpsOnly && address != null && !"https".equals(address.getScheme())) {
            throw new IllegalArgumentException("safelight.s3." + name + " must begin with https://, as"
                    + " safelight.s3.https-only is set, not \"" + address + "\".");
        }
    }

    /// Whether there is no such service, and the store in this process is used.
    boolean isEmbedded() {
        return endpoint == null || isEmbedded(endpoint);
    }

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

    /// The real name of a bucket.
    String name(Bucket bucket) {
        String name = buckets.get(bucket);
        if (name == null) {
            throw new IllegalArgumentException("safelight.s3.buckets." + bucket.text() + " is not set.");
        }
        return name;
    }

    S3Settings of(StoreRole role) {
        Key key = keys.get(role);
        if (key == null && (role == StoreRole.MARKETING || role == StoreRole.RENDERER)) {
            key = keys.get(StoreRole.WORKER);
            if (key != null) {
                LOG.warn(
                        "safelight.s3.keys.{} is not set: the identity of the worker is used in its place",
                        role.text());
            }
        }
        if (endpoint == null || key == null) {
            throw new IllegalArgumentException(
                    "safelight.s3.keys.%s needs access-key and secret-key: this identity is used here."
                            .formatted(role.text()));
        }
        return new S3Settings(
                endpoint,
                publicEndpoint == null ? endpoint : publicEndpoint,
                region,
                pathStyle,
                key.accessKey(),
                key.secretKey(),
                names(),
                encryption.read());
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
