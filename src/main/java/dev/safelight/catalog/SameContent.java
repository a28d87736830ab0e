package dev.safelight.catalog;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.util.UUID;

/// Content that may be there already.
///
/// @param owner the API key that wants to upload it
/// @param sha256 of the bytes, 64 hexadecimal digits in lower case
public record SameContent(Space space, UUID owner, String sha256, long bytes, MediaType type) {}
