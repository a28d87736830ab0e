/// Uploads many files: finds and names them, hashes, asks for grants, sends, waits, and keeps a journal to go on from.
/// What the options of a command mean is left to the command line above it.
@NullMarked
package dev.safelight.cli.bulk;

import org.jspecify.annotations.NullMarked;
