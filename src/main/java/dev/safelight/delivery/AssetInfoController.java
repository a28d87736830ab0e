package dev.safelight.delivery;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts.FocalPoint;
import dev.safelight.asset.Failure;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells all about one picture, and takes the one fact that people know better: where the eye goes.
@RestController
@RequestMapping("/v1/assets/{id}")
class AssetInfoController {
    private final Catalog catalog;
    private final VariantUrls urls;
    private final VisibleAssets visible;

    AssetInfoController(Catalog catalog, VariantUrls urls, VisibleAssets visible) {
        this.catalog = catalog;
        this.urls = urls;
        this.visible = visible;
    }

    /// @param x 0 (left) to 1 (right)
    /// @param y 0 (top) to 1 (bottom)
    record Point(@Nullable Double x, @Nullable Double y) {
        FocalPoint checked() {
            if (x == null || y == null || !(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The focal point has an x from 0 (left) to 1 (right) and a y from 0 (top) to 1 (bottom).");
            }
            return new FocalPoint(x, y);
        }
    }

    /// Everything known of a picture, at whatever point of its way it is.
    @GetMapping("/info")
    @Allow({Role.VIEWER, Role.EDITOR, Role.UPLOADER, Role.MARKETING, Role.MODERATOR})
    ResponseEntity<AssetInfo> info(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        return answer(id, caller);
    }

    /// Sets the focal point by hand.
    @PutMapping("/focal-point")
    @Allow({Role.EDITOR, Role.UPLOADER, Role.MARKETING})
    ResponseEntity<AssetInfo> focus(
            @PathVariable String id, @RequestBody Point point, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        return focus(id, point.checked(), caller);
    }

    /// Returns to the focal point that was computed.
    @DeleteMapping("/focal-point")
    @Allow({Role.EDITOR, Role.UPLOADER, Role.MARKETING})
    ResponseEntity<AssetInfo> unfocus(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        return focus(id, null, caller);
    }

    private ResponseEntity<AssetInfo> focus(String id, @Nullable FocalPoint point, Caller caller) {
        AssetVersion version = visible.findToChange(id, caller).version();
        if (point != null && version.facts() == null) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "Only a picture that was read has a focal point; this asset is %s and nothing is known of its content."
                            .formatted(version.status()));
        }
        catalog.focus(version.id(), version.version(), point);
        return answer(id, caller);
    }

    private ResponseEntity<AssetInfo> answer(String id, Caller caller) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore().cachePrivate())
                .body(AssetInfo.of(visible.find(id, caller), urls));
    }
}
