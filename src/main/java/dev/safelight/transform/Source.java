package dev.safelight.transform;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// The picture that a transformation starts from, as the URL names it.
public sealed interface Source {

    /// @param version counted from 1; the current one when absent
    record Asset(AssetId id, @Nullable Integer version) implements Source {}

    /// Whatever the catalogue has for an article, such as its `front`.
    record Sku(String sku, String role) implements Source {}

    /// An object in the store, named by its key.
    record StoredKey(String key) implements Source {
        public StoredKey {
            if (!isOpen(key)) {
                throw new IllegalArgumentException("not the key of a picture: " + key);
            }
        }

        static boolean isOpen(String key) {
            return (key.startsWith(BlobKey.ORIGINALS) || key.startsWith(BlobKey.VARIANTS)) && BlobKey.isValid(key);
        }
    }

    /// A picture elsewhere, by `http` or `https`; whether it may be fetched is not decided here.
    record Remote(URI address) implements Source {}
}
