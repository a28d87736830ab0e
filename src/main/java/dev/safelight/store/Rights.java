package dev.safelight.store;

import dev.safelight.asset.Bucket;
import java.util.EnumSet;
import java.util.Set;

/// What each identity may do in each bucket: the whole access policy on one page. The embedded store enforces it
/// itself, and bucket policies of other services are written from it.
public enum Rights {
    /// Store an object under a key that has none.
    CREATE,
    /// Store an object, also in place of another, and tag it.
    WRITE,
    READ,
    /// Read an object that its tag says to be approved.
    READ_APPROVED,
    LIST,
    DELETE;

    public static Set<Rights> of(StoreRole role, Bucket bucket) {
        return switch (role) {
            case UPLOADER -> bucket == Bucket.RAW ? EnumSet.of(CREATE) : none();
            case WORKER ->
                switch (bucket) {
                    case RAW -> EnumSet.of(READ, LIST);
                    case PROCESSED, USER -> all();
                    case MARKETING -> none();
                };
            case DELIVERY ->
                switch (bucket) {
                    case RAW -> none();
                    case USER -> EnumSet.of(READ_APPROVED);
                    case PROCESSED, MARKETING -> EnumSet.of(READ);
                };
            case MARKETING -> bucket == Bucket.MARKETING ? all() : none();
            case ADMIN -> all();
        };
    }

    private static Set<Rights> none() {
        return EnumSet.noneOf(Rights.class);
    }

    private static Set<Rights> all() {
        return EnumSet.allOf(Rights.class);
    }
}
