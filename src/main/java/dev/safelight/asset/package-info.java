/// The words that every other package shares: assets, their versions, facts, variants and failures.
/// Values only: nothing here does I/O.
@NullMarked
package dev.safelight.asset;

import org.jspecify.annotations.NullMarked;
