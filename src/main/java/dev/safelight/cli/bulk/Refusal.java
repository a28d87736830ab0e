package dev.safelight.cli.bulk;

import java.io.IOException;
import java.nio.file.Path;

/// Why a file is not uploaded, before any server is asked.
record Refusal(String status, String reason, String detail) {
    static final Refusal NAME_MISMATCH =
            new Refusal(Outcome.SKIPPED, "name-mismatch", "the name does not match the pattern.");
    static final Refusal UNSUPPORTED =
            new Refusal(Outcome.REJECTED, "unsupported", "neither the name nor the content is of a type known here.");
    static final Refusal EMPTY = new Refusal(Outcome.REJECTED, "empty", "the file is empty.");
    static final Refusal CHANGED = new Refusal(Outcome.FAILED, "changed", "the file changed while it was read.");

    static Refusal unreadable(IOException failed) {
        return new Refusal(Outcome.FAILED, "unreadable", "cannot be read: " + ReadFailure.text(failed));
    }

    Outcome of(Path file) {
        return Outcome.unusable(file, status, reason, detail);
    }
}
