/// Safelight, wired together.
@NullMarked
package dev.safelight;

import org.jspecify.annotations.NullMarked;
