/// Deleted assets and erased accounts: takes the wishes in, and removes what was stored of them when its time has come.
/// What being deleted means for delivery is up to the catalogue.
@NullMarked
package dev.safelight.deletion;

import org.jspecify.annotations.NullMarked;
