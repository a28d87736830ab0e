package dev.safelight.store.embedded;

import dev.safelight.asset.Bucket;
import dev.safelight.store.StoreRole;
import java.util.EnumSet;
import java.util.Set;

/// What each identity may do in each bucket: the whole access policy of the embedded store, on one page.
enum Rights {
    /// Store an object under a key that has none.
    CREATE,
    /// Store an object, also in place of another.
    WRITE,
    READ,
    LIST,
    DELETE;

    static Set<Rights> of(StoreRole role, Bucket bucket) {
        boolean original = bucket == Bucket.RAW;
        return switch (role) {
            case UPLOADER -> original ? EnumSet.of(CREATE, LIST) : EnumSet.noneOf(Rights.class);
            case WORKER -> original ? EnumSet.of(READ, LIST) : EnumSet.of(CREATE, WRITE, READ, LIST, DELETE);
            case DELIVERY -> EnumSet.of(READ);
            case ADMIN -> EnumSet.allOf(Rights.class);
        };
    }
}
