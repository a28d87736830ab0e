/// Fetches pictures from foreign hosts that are allowed by list, and never from inside of the own network.
/// Leaves what the bytes are to the caller, and keeping them to the cache.
@NullMarked
package dev.safelight.render.remote;

import org.jspecify.annotations.NullMarked;
