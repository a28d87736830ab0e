package dev.safelight.cli;

/// What the process tells its caller; documented in the help of the main command.
final class ExitCode {
    static final int OK = 0;
    static final int NOT_AS_IT_SHOULD = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int REFUSED = 4;
    static final int DEFECT = 70;

    private ExitCode() {}
}
