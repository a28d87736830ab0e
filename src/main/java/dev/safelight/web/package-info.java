/// What all controllers share: problem responses, paging, and the caller as a method argument.
/// Controllers themselves live in the package of their domain.
@NullMarked
package dev.safelight.web;

import org.jspecify.annotations.NullMarked;
