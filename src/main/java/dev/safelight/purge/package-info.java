/// Has caches forget: those of all nodes of an installation, and those that others run in front of it. What
/// may be delivered is asked of the catalogue at each read, so that a purge is about freshness at nodes,
/// and matters at edges.
@NullMarked
package dev.safelight.purge;

import org.jspecify.annotations.NullMarked;
