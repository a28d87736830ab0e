/// What all controllers share: problem responses, strict reading of requests, and the caller as an argument.
/// Controllers themselves live in the package of their domain.
@NullMarked
package dev.safelight.web;

import org.jspecify.annotations.NullMarked;
