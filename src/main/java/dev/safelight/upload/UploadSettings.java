package dev.safelight.upload;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The settings of uploads, under `safelight.upload`.
///
/// @param grantLifetime how long a grant can be used, 1 to 60 minutes
/// @param lateness how long after the end of a grant its bytes may still be on their way into the store
/// @param reconcileAfter how long an upload may be silent before the store is asked whether its object is there
/// @param reconcilePause between two such questions, and between two rounds of the sweep
/// @param expiredKept how long a grant that was never used stays visible
/// @param maxOpen grants that one key may have open at a time
/// @param policies what each space takes; a space that is not named takes the defaults of [Policy]
@ConfigurationProperties("safelight.upload")
record UploadSettings(
        @DefaultValue("15m") Duration grantLifetime,
        @DefaultValue("10m") Duration lateness,
        @DefaultValue("20s") Duration reconcileAfter,
        @DefaultValue("15s") Duration reconcilePause,
        @DefaultValue("7d") Duration expiredKept,
        @DefaultValue("10000") int maxOpen,
        @DefaultValue Map<Space, Policy> policies) {

    UploadSettings {
        if (grantLifetime.compareTo(Duration.ofMinutes(1)) < 0 || grantLifetime.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.grant-lifetime must be 1m to 60m, not " + grantLifetime);
        }
        requirePositive("lateness", lateness.plusMillis(1));
        requirePositive("reconcile-after", reconcileAfter);
        requirePositive("reconcile-pause", reconcilePause);
        requirePositive("expired-kept", expiredKept);
        if (maxOpen < 1) {
            throw new IllegalArgumentException("safelight.upload.max-open must be at least 1, not " + maxOpen);
        }
        policies = Map.copyOf(policies);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("safelight.upload." + name + " must be a positive duration");
        }
    }

    Policy policy(Space space) {
        return policies.getOrDefault(space, Policy.DEFAULT);
    }

    /// What a space takes.
    ///
    /// @param types the content types allowed
    /// @param maxBytes the largest upload; a form POST to the store cannot be larger than 5 GB
    /// @param quota bytes the originals of one key may have together, refused ones aside; 0 for no limit
    record Policy(
            @DefaultValue List<MediaType> types,
            @DefaultValue("100MB") DataSize maxBytes,
            @DefaultValue("0B") DataSize quota) {
        private static final List<MediaType> IMAGES = List.of(
                MediaType.JPEG,
                MediaType.PNG,
                MediaType.WEBP,
                MediaType.AVIF,
                MediaType.GIF,
                MediaType.HEIC,
                MediaType.JXL,
                MediaType.TIFF,
                MediaType.SVG);

        static final Policy DEFAULT = new Policy(List.of(), DataSize.ofMegabytes(100), DataSize.ofBytes(0));

        Policy {
            types = types.isEmpty() ? IMAGES : List.copyOf(types);
            if (maxBytes.toBytes() < 1 || maxBytes.compareTo(DataSize.ofGigabytes(5)) > 0) {
                throw new IllegalArgumentException("safelight.upload.policies.*.max-bytes must be 1B to 5GB");
            }
        }
    }
}
