package dev.safelight.storage;

import dev.safelight.asset.Bucket;
import dev.safelight.store.BucketSetting.Aspect;
import dev.safelight.store.BucketSetup.Presence;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the buckets of a store differ from what is declared.
public record StorageReport(List<OfBucket> buckets) {
    public StorageReport {
        buckets = List.copyOf(buckets);
    }

    /// @param name the real one
    public record OfBucket(Bucket bucket, String name, Presence presence, List<Finding> findings) {
        public OfBucket {
            findings = List.copyOf(findings);
        }

        public boolean differs() {
            return presence != Presence.THERE || findings.stream().anyMatch(finding -> finding.state() == State.DRIFT);
        }
    }

    /// What was found of one aspect.
    ///
    /// @param remove lines that the store has and should not
    /// @param add lines that it should have and has not
    /// @param note who does what the store does not, or why something is as it is
    public record Finding(
            Aspect aspect,
            State state,
            List<String> remove,
            List<String> add,
            @Nullable String note) {
        public Finding {
            remove = List.copyOf(remove);
            add = List.copyOf(add);
        }
    }

    /// How an aspect is.
    public enum State {
        OK,
        /// The store could be as declared, and is not.
        DRIFT,
        /// The store cannot; where Safelight can, the note says whether it does.
        UNSUPPORTED,
        /// The store was told and did not take it.
        REFUSED,
        /// The store does so by itself.
        BUILT_IN;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public boolean differs() {
        return buckets.stream().anyMatch(OfBucket::differs);
    }

    /// Whether the store was told something and did not take it.
    public boolean wasRefused() {
        return buckets.stream()
                .flatMap(bucket -> bucket.findings().stream())
                .anyMatch(finding -> finding.state() == State.REFUSED);
    }
}
