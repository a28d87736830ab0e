/// Fixtures that tests of all packages share.
@NullMarked
package dev.safelight.testing;

import org.jspecify.annotations.NullMarked;
