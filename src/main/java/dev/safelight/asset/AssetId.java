package dev.safelight.asset;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The identity of an asset: a UUID version 7 (RFC 9562), so that ids sort by time of creation.
public record AssetId(UUID value) implements Comparable<AssetId> {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern CANONICAL = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    public static AssetId create(Instant now) {
        return new AssetId(timeOrdered(now));
    }

    /// Reads the canonical lower-case form; anything else is empty, so that one asset has one address.
    public static Optional<AssetId> parse(String text) {
        return CANONICAL.matcher(text).matches() ? Optional.of(new AssetId(UUID.fromString(text))) : Optional.empty();
    }

    /// A UUID version 7: 48 bits of Unix milliseconds, then random bits.
    public static UUID timeOrdered(Instant now) {
        long millis = now.toEpochMilli();
        long high = (millis << 16) | 0x7000L | (RANDOM.nextLong() & 0x0FFFL);
        long low = (RANDOM.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    @Override
    public int compareTo(AssetId other) {
        return value.toString().compareTo(other.value.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
