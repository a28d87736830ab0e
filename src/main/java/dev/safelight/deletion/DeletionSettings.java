package dev.safelight.deletion;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What becomes of deleted assets, under `safelight.deletion`.
///
/// @param retention how long a deleted asset can be restored, 0 s to 3650 days; then its variants are removed
/// @param originals `keep` keeps the originals of purged assets and erased accounts, unless a request to erase says
///     otherwise; `remove` removes them, as far as no other asset needs them, with the identity
///     `safelight.s3.keys.admin`
/// @param pause between two looks for what is to be purged, 1 s to 1 day
@ConfigurationProperties("safelight.deletion")
record DeletionSettings(
        @DefaultValue("30d") Duration retention,
        @DefaultValue("keep") Originals originals,
        @DefaultValue("1m") Duration pause) {

    /// What becomes of originals.
    enum Originals {
        KEEP,
        REMOVE
    }

    DeletionSettings {
        if (retention.isNegative() || retention.compareTo(Duration.ofDays(3650)) > 0) {
            throw new IllegalArgumentException("safelight.deletion.retention must be 0s to 3650d, not " + retention);
        }
        if (pause.compareTo(Duration.ofSeconds(1)) < 0 || pause.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("safelight.deletion.pause must be 1s to 1d, not " + pause);
        }
    }
}
