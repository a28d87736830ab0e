/// The language of on-the-fly transformations: one value, its canonical text, the two URL grammars onto it, and who may
/// ask for what. It does no I/O; pictures are made by `image`, and served by `delivery`.
@NullMarked
package dev.safelight.transform;

import org.jspecify.annotations.NullMarked;
