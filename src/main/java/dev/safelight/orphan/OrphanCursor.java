package dev.safelight.orphan;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Where a list of orphans goes on: the last address of the page before, in a form that invites nobody
/// to build one.
final class OrphanCursor {
    private OrphanCursor() {}

    static String after(BlobKey last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(last.toString().getBytes(US_ASCII));
    }

    /// @throws Failure INVALID, when it is none
    static BlobKey parse(String cursor) {
        return decode(cursor)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The cursor must be the nextCursor of the page before, as it was given."));
    }

    private static Optional<BlobKey> decode(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), US_ASCII);
            int colon = text.indexOf(':');
            String key = text.substring(colon + 1);
            return Arrays.stream(Bucket.values())
                    .filter(bucket -> colon > 0 && bucket.text().equals(text.substring(0, colon)))
                    .filter(bucket -> BlobKey.isValid(key))
                    .map(bucket -> new BlobKey(bucket, key))
                    .findFirst();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
