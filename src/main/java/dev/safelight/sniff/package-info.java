/// Tells what bytes are by looking at them. Whether such bytes are welcome, others decide.
@NullMarked
package dev.safelight.sniff;

import org.jspecify.annotations.NullMarked;
