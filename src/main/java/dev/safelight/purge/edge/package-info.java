/// Caches that others run in front of delivery, and the APIs by which each is told to forget. When and how
/// often that is tried is the same for all of them; what a request looks like is up to one class each.
@NullMarked
package dev.safelight.purge.edge;

import org.jspecify.annotations.NullMarked;
