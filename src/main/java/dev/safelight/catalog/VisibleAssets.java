package dev.safelight.catalog;

import dev.safelight.access.Caller;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import org.springframework.stereotype.Component;

/// The catalogue as one caller may see it.
@Component
public final class VisibleAssets {
    private final Catalog catalog;

    VisibleAssets(Catalog catalog) {
        this.catalog = catalog;
    }

    /// The current version; what is hidden from the caller fails in the same words as what does not exist.
    public CatalogEntry find(String id, Caller caller) {
        AssetId assetId = AssetId.parse(id)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "The id of an asset is a UUID in lower case, as in 0199d3a4-5b6c-7d8e-9f00-112233445566."));
        return catalog.findCurrent(assetId)
                .filter(entry -> caller.maySee(entry.version().space(), entry.owner()))
                .orElseThrow(() -> new Failure(Failure.Kind.NOT_FOUND, "There is no asset with this id."));
    }

    /// The current version, for a caller who may change it.
    public CatalogEntry findToChange(String id, Caller caller) {
        CatalogEntry entry = find(id, caller);
        if (!caller.mayChange(entry.version().space(), entry.owner())) {
            throw new Failure(Failure.Kind.FORBIDDEN, "The API key does not have a role that changes this asset.");
        }
        return entry;
    }
}
