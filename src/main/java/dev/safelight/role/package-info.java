/// What one process of an installation does, and the condition that has only the parts exist that its roles need.
/// What the roles need is up to the packages that say so.
@NullMarked
package dev.safelight.role;

import org.jspecify.annotations.NullMarked;
