package dev.safelight.cli;

import dev.safelight.asset.Failure;
import java.net.BindException;
import org.flywaydb.core.api.FlywayException;
import org.springframework.boot.web.server.PortInUseException;

/// Finds, in what Spring threw at start, the sentence that helps.
final class StartFailure {
    private StartFailure() {}

    private static String firstLine(Throwable failed) {
        return String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    }

    static RuntimeException explain(RuntimeException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Failure known -> {
                    return known;
                }
                case PortInUseException inUse -> {
                    return new CliException(
                            ExitCode.UNREACHABLE,
                            "port %d is in use. Choose another one with --port, or 0 for a free one."
                                    .formatted(inUse.getPort()));
                }
                case BindException inUse -> {
                    return new CliException(
                            ExitCode.UNREACHABLE,
                            "a port is in use (%s). Choose others with --port and --s3-port."
                                    .formatted(inUse.getMessage()));
                }
                case FlywayException foreign -> {
                    return new CliException(
                            ExitCode.UNREACHABLE,
                            "the database was made by another version of Safelight and cannot be brought up to this one: "
                                    + firstLine(foreign)
                                    + " Use the version that made it, or another folder with --data.");
                }
                case IllegalArgumentException wrongSetting
                when String.valueOf(wrongSetting.getMessage()).startsWith("safelight.") -> {
                    return new CliException(ExitCode.USAGE, String.valueOf(wrongSetting.getMessage()));
                }
                default -> {}
            }
        }
        return failed;
    }
}
