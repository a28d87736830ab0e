/// Who may do what: API keys, roles, and the rule that an endpoint without a declared role is closed.
/// Whether an asset may be seen is decided where it is read, from the caller given here.
@NullMarked
package dev.safelight.access;

import org.jspecify.annotations.NullMarked;
