package dev.safelight.store;

import dev.safelight.asset.Bucket;
import dev.safelight.asset.Moderation;
import java.util.Map;

/// The tag by which a store knows by itself what may be delivered of [Bucket#USER].
public final class StatusTag {
    public static final String NAME = "status";

    private StatusTag() {}

    /// The tags that say what was decided.
    public static Map<String, String> of(Moderation moderation) {
        return Map.of(NAME, moderation.text());
    }

    /// What an object of this bucket is stored with: nobody has decided on it yet.
    public static Map<String, String> ofNew(Bucket bucket) {
        return bucket == Bucket.USER ? of(Moderation.PENDING) : Map.of();
    }

    /// Whether tags allow an object to be delivered.
    public static boolean isApproved(Map<String, String> tags) {
        return Moderation.APPROVED.text().equals(tags.get(NAME));
    }
}
