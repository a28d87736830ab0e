/// Serves stored variants over HTTP, issues their addresses, and shows assets to API callers. Makes no pictures
/// and decides nothing about content: the pipeline and the catalogue do.
@NullMarked
package dev.safelight.delivery;

import org.jspecify.annotations.NullMarked;
