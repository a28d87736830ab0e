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
/// @param abandonedAfter how old uploads in parts must be that the store has and the ledger does not, to be ended
/// @param maxOpen grants that one key may have open at a time
/// @param multipartAbove from which size on an upload is cut into parts, unless its client asks otherwise
/// @param partSize the size of parts, 5 MB to 5 GB; larger ones where more than 10,000 would be needed
/// @param resumable how long an upload in parts can go on after a part of it was last signed
/// @param grantsPerMinute grants that one key gets in a minute, on each process that serves the API
/// @param policies what each space takes; a space that is not named takes the defaults of [Policy]
@ConfigurationProperties("safelight.upload")
record UploadSettings(
        @DefaultValue("15m") Duration grantLifetime,
        @DefaultValue("10m") Duration lateness,
        @DefaultValue("20s") Duration reconcileAfter,
        @DefaultValue("15s") Duration reconcilePause,
        @DefaultValue("7d") Duration expiredKept,
        @DefaultValue("1h") Duration abandonedAfter,
        @DefaultValue("10000") int maxOpen,
        @DefaultValue("100MB") DataSize multipartAbove,
        @DefaultValue("16MB") DataSize partSize,
        @DefaultValue("24h") Duration resumable,
        @DefaultValue("6000") int grantsPerMinute,
        @DefaultValue Map<Space, Policy> policies) {

    /// What one request to an S3 service can hold.
    static final DataSize LARGEST_REQUEST = DataSize.ofGigabytes(5);

    UploadSettings {
        if (grantLifetime.compareTo(Duration.ofMinutes(1)) < 0 || grantLifetime.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.grant-lifetime must be 1m to 60m, not " + grantLifetime);
        }
        requirePositive("lateness", lateness.plusMillis(1));
        requirePositive("reconcile-after", reconcileAfter);
        requirePositive("reconcile-pause", reconcilePause);
        requirePositive("expired-kept", expiredKept);
        if (abandonedAfter.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.abandoned-after must be at least 1m, not " + abandonedAfter);
        }
        if (maxOpen < 1) {
            throw new IllegalArgumentException("safelight.upload.max-open must be at least 1, not " + maxOpen);
        }
        if (partSize.toBytes() < PartPlan.SMALLEST || partSize.compareTo(DataSize.ofGigabytes(5)) > 0) {
            throw new IllegalArgumentException("safelight.upload.part-size must be 5MB to 5GB, not " + partSize);
        }
        if (multipartAbove.toBytes() < 1 || multipartAbove.compareTo(LARGEST_REQUEST) > 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.multipart-above must be 1B to 5GB, not " + multipartAbove);
        }
        if (resumable.compareTo(grantLifetime) < 0 || resumable.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(
                    "safelight.upload.resumable must be grant-lifetime to 7d, not " + resumable);
        }
        if (grantsPerMinute < 1) {
            throw new IllegalArgumentException(
                    "safelight.upload.grants-per-minute must be at least 1, not " + grantsPerMinute);
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
    /// @param maxBytes the largest upload, up to 5 TB
    /// @param maxPixels the largest picture, all frames together; 0 for what the image engine takes
    /// @param maxDuration the longest video; 0 for no limit
    /// @param quota bytes that one key may have in the store or be granted, refused ones included; 0 for no limit
    /// @param deduplicate whether bytes that the space has already are not sent again; takes a promised SHA-256
    record Policy(
            @DefaultValue List<MediaType> types,
            @DefaultValue("100MB") DataSize maxBytes,
            @DefaultValue("0") long maxPixels,
            @DefaultValue("0s") Duration maxDuration,
            @DefaultValue("0B") DataSize quota,
            @DefaultValue("false") boolean deduplicate) {
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

        static final Policy DEFAULT =
                new Policy(List.of(), DataSize.ofMegabytes(100), 0, Duration.ZERO, DataSize.ofBytes(0), false);

        Policy {
            types = types.isEmpty() ? IMAGES : List.copyOf(types);
            if (maxBytes.toBytes() < 1 || maxBytes.compareTo(DataSize.ofTerabytes(5)) > 0) {
                throw new IllegalArgumentException("safelight.upload.policies.*.max-bytes must be 1B to 5TB");
            }
            if (maxPixels < 0 || maxDuration.isNegative() || quota.isNegative()) {
                throw new IllegalArgumentException(
                        "safelight.upload.policies.*: max-pixels, max-duration and quota must not be negative");
            }
        }
    }
}
