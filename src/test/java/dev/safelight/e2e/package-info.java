/// Tests of the packaged jar through its public API and its command line, in processes of its own that are also killed.
/// What a class or a package does by itself is tested beside it.
@NullMarked
package dev.safelight.e2e;

import org.jspecify.annotations.NullMarked;
