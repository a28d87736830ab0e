package dev.safelight.delivery;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.render.ForeignPictures;
import dev.safelight.render.Subject;
import dev.safelight.transform.Source;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the picture that an address names, as far as it may be delivered at this moment.
final class PictureFinder {
    private final Catalog catalog;
    private final ForeignPictures foreign;
    private final AccessBySpace spaces;

    PictureFinder(Catalog catalog, ForeignPictures foreign, AccessBySpace spaces) {
        this.catalog = catalog;
        this.foreign = foreign;
        this.spaces = spaces;
    }

    /// A picture that may be delivered to those who may see it.
    ///
    /// @param subject absent when it is not a picture
    /// @param entry absent when it comes from elsewhere
    record Found(@Nullable Subject subject, @Nullable CatalogEntry entry) {}

    /// Lets go of what was found, once its request is answered.
    void release(Found found) {
        Subject subject = found.subject();
        if (subject != null) {
            foreign.release(subject);
        }
    }

    /// Whether anybody may have it, so that it can become part of what anybody may have.
    boolean isForAnybody(Found found) {
        return found.entry() == null || spaces.isPublic(found.entry().version().space());
    }

    /// Empty when there is none, or none that is READY and approved.
    ///
    /// @throws dev.safelight.asset.Failure when a foreign address is not allowed or cannot be
    ///     read as a picture
    Optional<Found> find(Source source) throws IOException, InterruptedException {
        return switch (source) {
            case Source.Asset(var id, var version) ->
                deliverable(version == null ? catalog.findCurrent(id) : catalog.find(id, version));
            case Source.Sku(var sku, var role) -> deliverable(catalog.findBySku(sku, role));
            case Source.StoredKey(var key)
            when key.startsWith(BlobKey.ORIGINALS) -> deliverable(catalog.findByOriginal(key));
            case Source.StoredKey(var key) -> derived(key);
            case Source.Remote(var address) -> elsewhere(address);
        };
    }

    private Optional<Found> elsewhere(URI address) throws IOException, InterruptedException {
        try {
            return Optional.of(new Found(foreign.find(address), null));
        } catch (Failure failure) {
            if (failure.kind() == Failure.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static Optional<Found> deliverable(Optional<CatalogEntry> entry) {
        return entry.filter(CatalogEntry::isDeliverable)
                .map(found -> new Found(
                        found.version().facts() instanceof Facts.Image facts
                                ? new Subject.Stored(found.version(), facts)
                                : null,
                        found));
    }

    private Optional<Found> derived(String key) {
        Optional<CatalogEntry> entry = catalog.findByVariant(key).filter(CatalogEntry::isDeliverable);
        return entry.flatMap(found ->
                variant(found, key).map(variant -> new Found(new Subject.Derived(found.version(), variant), found)));
    }

    private static Optional<Variant> variant(CatalogEntry entry, String key) {
        return entry.version().variants().stream()
                .filter(variant -> variant.key().key().equals(key))
                .findFirst();
    }
}
