/// Puts the parts of a server together: embedded or external database and store, roles, the first key.
@NullMarked
package dev.safelight.server;

import org.jspecify.annotations.NullMarked;
