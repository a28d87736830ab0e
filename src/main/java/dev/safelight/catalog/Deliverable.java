package dev.safelight.catalog;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import dev.safelight.asset.Variant;
import java.time.Instant;
import java.util.UUID;

/// A variant that may be served at the moment of asking.
///
/// @param space decides, with the owner, who may see it
public record Deliverable(AssetId asset, Space space, UUID owner, Variant variant, Instant lastModified) {}
