/// Encryption of files: the keys, which of them a store depends on, and how encrypted bytes lie in a file. What the
/// files are, where they lie and who may read them is left to `store.embedded`.
@NullMarked
package dev.safelight.store.encryption;

import org.jspecify.annotations.NullMarked;
