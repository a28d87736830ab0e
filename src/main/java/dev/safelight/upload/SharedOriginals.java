package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.asset.AssetVersion.Original;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.SameContent;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectLookup;
import dev.safelight.store.StoredObject;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Finds an original that has the promised bytes already, where the policy of the space shares them.
///
/// Only one that the caller may see: whoever merely knows the hash of somebody's picture does not get the
/// picture for
/// it. And only one that is there and unchanged: else nobody could ever bring its bytes again.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class SharedOriginals {
    private static final Logger LOG = LoggerFactory.getLogger(SharedOriginals.class);

    private final Catalog catalog;
    private final ObjectLookup objects;
    private final UploadSettings settings;

    SharedOriginals(Catalog catalog, @Qualifier("originals") ObjectLookup objects, UploadSettings settings) {
        this.catalog = catalog;
        this.objects = objects;
        this.settings = settings;
    }

    Optional<Original> find(UploadRequest request, Space space, MediaType type, Caller caller) {
        String sha256 = request.sha256();
        Long size = request.size();
        if (sha256 == null || size == null || !settings.policy(space).deduplicate()) {
            return Optional.empty();
        }
        SameContent wanted = new SameContent(space, caller.keyId(), sha256.toLowerCase(Locale.ROOT), size, type);
        return catalog.findSameContent(wanted).stream()
                .filter(entry -> caller.maySee(space, entry.owner()))
                .map(entry -> entry.version().original())
                .filter(this::isThere)
                .findFirst();
    }

    private boolean isThere(Original original) {
        try {
            return objects.head(original.key())
                    .map(StoredObject::etag)
                    .filter(etag -> etag.equals(original.etag()))
                    .isPresent();
        } catch (IOException unreachable) {
            LOG.warn(
                    "Cannot tell whether {} is still there, so its bytes are asked for again",
                    original.key(),
                    unreachable);
            return false;
        }
    }
}
