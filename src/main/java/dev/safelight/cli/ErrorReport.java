package dev.safelight.cli;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Turns what a command threw into one line on stderr and an exit code.
final class ErrorReport implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failed, CommandLine command, ParseResult parsed) {
        return report(failed, command);
    }

    static int usage(ParameterException failed, String[] arguments) {
        var err = failed.getCommandLine().getErr();
        err.println("safelight: " + failed.getMessage());
        String name = failed.getCommandLine().getCommandSpec().qualifiedName();
        err.println("Try: " + name.replaceFirst("safelight", "safelight help"));
        return ExitCode.USAGE;
    }

    private static int report(Throwable failed, CommandLine command) {
        return switch (failed) {
            case CliException expected -> {
                command.getErr().println("safelight: " + expected.getMessage());
                yield expected.exitCode();
            }
            case ApiProblem problem -> {
                command.getErr().println("safelight: " + problem.detail());
                yield problem.exitCode();
            }
            case Failure failure -> {
                command.getErr().println("safelight: " + failure.publicMessage());
                yield failure.kind() == Failure.Kind.UNAVAILABLE ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
            }
            case UncheckedIOException wrapped -> report(Objects.requireNonNull(wrapped.getCause()), command);
            case ConnectException unreachable -> {
                command.getErr()
                        .println("safelight: the server cannot be reached. Is it running? See: safelight help serve");
                yield ExitCode.UNREACHABLE;
            }
            case IOException io -> {
                command.getErr().println("safelight: " + io.getMessage());
                yield ExitCode.UNREACHABLE;
            }
            case InterruptedException interrupted -> {
                Thread.currentThread().interrupt();
                yield ExitCode.NOT_AS_IT_SHOULD;
            }
            default -> {
                command.getErr().println("safelight: a defect: " + failed);
                failed.printStackTrace(command.getErr());
                yield ExitCode.DEFECT;
            }
        };
    }
}
