package dev.safelight.cli;

/// What the process tells its caller; documented in the help of the main command.
public final class ExitCode {
    public static final int OK = 0;
    public static final int NOT_AS_IT_SHOULD = 1;
    public static final int USAGE = 2;
    public static final int UNREACHABLE = 3;
    public static final int REFUSED = 4;
    public static final int DEFECT = 70;
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
