/// The command line: starts servers, and talks to them through the public API as any other client would.
@NullMarked
package dev.safelight.cli;

import org.jspecify.annotations.NullMarked;
