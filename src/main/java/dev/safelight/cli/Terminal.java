package dev.safelight.cli;

/// What is known of the terminal that the command was started from.
final class Terminal {
    private Terminal() {}

    /// Whether a progress bar makes sense: the launcher says whether stderr is a terminal, since Java cannot tell.
    static boolean showsProgress() {
        return "true".equals(System.getenv("SAFELIGHT_STDERR_TTY"));
    }
}
