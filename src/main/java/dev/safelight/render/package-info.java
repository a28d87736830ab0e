/// Makes pictures on request: finds the cheapest source, renders once however many ask, keeps results.
/// Leaves the grammar of requests to `transform`, pixels to `image` and HTTP to `delivery`.
@NullMarked
package dev.safelight.render;

import org.jspecify.annotations.NullMarked;
