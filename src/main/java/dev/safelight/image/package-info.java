/// Pictures: reads them safely, and renders sets of variants with one decode through libvips. Knows nothing of
/// stores, assets' life cycles or HTTP; the only package that calls native code.
@NullMarked
package dev.safelight.image;

import org.jspecify.annotations.NullMarked;
