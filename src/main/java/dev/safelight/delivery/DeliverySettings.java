package dev.safelight.delivery;

import dev.safelight.purge.TagField;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How media are delivered, under `safelight.delivery`.
///
/// @param memoryCache bytes of variants kept in memory outside of the heap, 1 MB to 64 GB
/// @param memoryCacheLargest bytes of the largest variant that is kept there, at most 64 MB
/// @param diskCache bytes of variants kept on disk, 0 to 10 TB; only where the store is not embedded
/// @param diskCacheLargest bytes of the largest variant that is kept there, at most 2 GB
/// @param imagesMaxAge how long caches may keep a picture that was made on demand, 0 s to 365 days
/// @param imagesStale how long after that they may use it while they ask for it again, or while this
///     server is away, 0 s to 365 days
/// @param access what a read needs in each space: `public`, `signed` or `private`
/// @param cookieOrigins of pages on other hosts whose scripts may read what cookies give them access to
/// @param redirect whether clients are sent to the store for stored variants that are not in memory
/// @param redirectLifetime how long such an address holds, 5 s to 5 minutes
/// @param cacheTags in which header fields answers name the tags by which caches can purge them: some of
///     `cache-tag`, `surrogate-key`, `edge-cache-tag` and `cdn-tag`; none by default
@ConfigurationProperties("safelight.delivery")
record DeliverySettings(
        @DefaultValue("128MB") DataSize memoryCache,
        @DefaultValue("2MB") DataSize memoryCacheLargest,
        @DefaultValue("1GB") DataSize diskCache,
        @DefaultValue("64MB") DataSize diskCacheLargest,
        @DefaultValue("1d") Duration imagesMaxAge,
        @DefaultValue("1d") Duration imagesStale,
        @DefaultValue AccessBySpace access,
        @DefaultValue List<String> cookieOrigins,
        @DefaultValue("false") boolean redirect,
        @DefaultValue("30s") Duration redirectLifetime,
        @DefaultValue List<TagField> cacheTags) {
    private static final Pattern ORIGIN = Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    DeliverySettings {
        cacheTags = List.copyOf(cacheTags);
        cookieOrigins = List.copyOf(cookieOrigins);
        for (String origin : cookieOrigins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "safelight.delivery.cookie-origins must be like https://shop.example.com, not " + origin);
            }
        }
        if (redirectLifetime.toSeconds() < 5 || redirectLifetime.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.delivery.redirect-lifetime must be 5s to 5m, not " + redirectLifetime);
        }
        requireUpToAYear("images-max-age", imagesMaxAge);
        requireUpToAYear("images-stale", imagesStale);
        if (diskCache.isNegative() || diskCache.toTerabytes() > 10) {
            throw new IllegalArgumentException("safelight.delivery.disk-cache must be 0B to 10TB, not " + diskCache);
        }
        if (diskCacheLargest.toBytes() < 1 || diskCacheLargest.compareTo(DataSize.ofGigabytes(2)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.delivery.disk-cache-largest must be 1B to 2GB, not " + diskCacheLargest);
        }
        if (memoryCache.toMegabytes() < 1 || memoryCache.toGigabytes() > 64) {
            throw new IllegalArgumentException(
                    "safelight.delivery.memory-cache must be 1MB to 64GB, not " + memoryCache);
        }
        if (memoryCacheLargest.toBytes() < 1 || memoryCacheLargest.compareTo(DataSize.ofMegabytes(64)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.delivery.memory-cache-largest must be 1B to 64MB, not " + memoryCacheLargest);
        }
    }

    private static void requireUpToAYear(String name, Duration given) {
        if (given.isNegative() || given.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.delivery.%s must be 0s to 365d, not %s".formatted(name, given));
        }
    }

    /// Fails where nobody could read a space.
    ///
    /// @param hasKeys whether there is a key for the purpose
    void requireKeys(boolean hasKeys, String setting) {
        if (access.anySigned() && !hasKeys) {
            throw new IllegalArgumentException(
                    "safelight.delivery.access has a signed space, and there is no key: set %s; see docs/access.md"
                            .formatted(setting));
        }
    }

    /// Fails unless the JVM lets the cache have twice its size: see [MediaMemory].
    ///
    /// @param direct bytes the JVM allows outside of its heap
    void requireRoomIn(long direct) {
        if (memoryCache.toBytes() > direct / 2) {
            throw new IllegalArgumentException(
                    ("safelight.delivery.memory-cache must be at most %dMB, half of what this JVM allows outside of"
                                    + " its heap, not %dMB; -Xmx or -XX:MaxDirectMemorySize allow more")
                            .formatted((direct / 2) >> 20, memoryCache.toMegabytes()));
        }
    }
}
