package dev.safelight.cli.bulk;

import java.io.IOException;
import java.nio.file.Path;

/// Where the files come from: found one after the other, never held together.
public interface Source {
    /// Tells all files to a visitor, in the order in which they are found.
    ///
    /// @throws IOException when the source itself cannot be read, and not when one of its files cannot
    void visit(Visitor visitor) throws IOException, InterruptedException;

    /// Whether the files can be told again, to count them.
    default boolean isRepeatable() {
        return true;
    }

    /// Takes what is found; may make the source wait.
    interface Visitor {
        /// @param name the path below what was asked for, with `/` between its parts
        void file(Path file, String name, Target target) throws InterruptedException;

        /// @param reason one word, such as `unreadable`
        void unusable(Path file, String reason, String detail) throws InterruptedException;
    }
}
