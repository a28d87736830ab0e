/// What stands before every request: connectors, TLS, the addresses of clients, their limits, compression. It
/// knows nothing of what is asked for, and leaves answers to those behind it.
@NullMarked
package dev.safelight.front;

import org.jspecify.annotations.NullMarked;
