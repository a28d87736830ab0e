package dev.safelight.deletion;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.catalog.Deletions;
import dev.safelight.catalog.Settlement;
import dev.safelight.catalog.VisibleAssets;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Deletes assets, and takes that back.
@RestController
@RequestMapping("/v1/assets/{id}")
final class DeletionController {
    private final Deletions deletions;
    private final VisibleAssets visible;
    private final Settlement settlement;

    DeletionController(Deletions deletions, VisibleAssets visible, Settlement settlement) {
        this.deletions = deletions;
        this.visible = visible;
        this.settlement = settlement;
    }

    /// Deletes an asset: nothing of it is delivered any more. It can be restored until its retention is over.
    @DeleteMapping
    @Allow({Role.EDITOR, Role.UPLOADER, Role.MARKETING})
    ResponseEntity<Void> delete(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        deletions.delete(visible.findToChange(id, caller).version().id());
        settlement.await();
        return ResponseEntity.noContent().build();
    }

    /// Restores a deleted asset, with all that it had.
    @PostMapping("/restore")
    @Allow({Role.EDITOR, Role.UPLOADER, Role.MARKETING})
    ResponseEntity<Void> restore(@PathVariable String id, Caller caller, HttpServletRequest request) {
        QueryParameters.allowOnly(request);
        deletions.restore(visible.findToChange(id, caller).version().id());
        return ResponseEntity.noContent().build();
    }
}
