/// Brings the tags of stored objects in line with what was decided about them, by job and by a round that finds what
/// was missed. When they must be, the catalogue knows; what the store does with them is the store's.
@NullMarked
package dev.safelight.tag;

import org.jspecify.annotations.NullMarked;
