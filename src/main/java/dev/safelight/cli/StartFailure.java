package dev.safelight.cli;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// Finds, in what Spring threw at start, the sentence that helps.
final class StartFailure {
    private StartFailure() {}

    private static String firstLine(Throwable failed) {
        return String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    }

    /// The failure does not name the file. Where it is none of the usual ones, somebody named it at this
    /// start.
    private static String malformedFile() {
        return Stream.of("config/application.yaml", "config/application.yml", "application.yaml", "application.yml")
                .filter(StartFailure::isMalformed)
                .findFirst()
                .orElse("a file of settings");
    }

    private static boolean isMalformed(String file) {
        try (Reader text = Files.newBufferedReader(Path.of(file))) {
            new Yaml().parse(text).forEach(_ -> {});
            return false;
        } catch (YAMLException malformed) {
            return true;
        } catch (IOException absent) {
            return false;
        }
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
                case java.net.BindException inUse -> {
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
                case BindException wrongSetting -> {
                    return new CliException(ExitCode.USAGE, WrongSetting.sentence(wrongSetting));
                }
                case IllegalArgumentException wrongSetting
                when WrongSetting.isOwn(wrongSetting) -> {
                    return new CliException(ExitCode.USAGE, String.valueOf(wrongSetting.getMessage()));
                }
                case MarkedYAMLException malformed -> {
                    return new CliException(
                            ExitCode.USAGE,
                            "%s is no YAML: %s, in line %d"
                                    .formatted(
                                            malformedFile(),
                                            malformed.getProblem(),
                                            malformed.getProblemMark().getLine() + 1));
                }
                default -> {}
            }
        }
        return failed;
    }
}
