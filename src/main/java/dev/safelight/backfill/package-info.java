/// Reprocessing of many assets, which the server walks through by itself: throttled, paused and cancelled by order,
/// with a count that survives every crash. What reprocessing does to one version is left to `pipeline`, and when its
/// job runs to `job`.
@NullMarked
package dev.safelight.backfill;

import org.jspecify.annotations.NullMarked;
