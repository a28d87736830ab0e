/// Where programs and libraries for this machine are kept, outside the data: made once, and the same for every server.
@NullMarked
package dev.safelight.natives;

import org.jspecify.annotations.NullMarked;
