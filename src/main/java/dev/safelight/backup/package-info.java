/// Backups of a data folder: a snapshot of the database, and the objects that it names, in files that can
/// be checked. Where the data folder is, and who runs on it, is known to `cli`; what the objects hold is
/// nobody's business here.
@NullMarked
package dev.safelight.backup;

import org.jspecify.annotations.NullMarked;
