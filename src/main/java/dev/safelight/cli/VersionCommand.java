package dev.safelight.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `safelight version`.
@Command(name = "version", description = "Prints the version of Safelight and of Java.")
final class VersionCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints JSON.")
    boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() {
        Versions versions = new Versions(version(), System.getProperty("java.vm.version"));
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? Json.MAPPER.writeValueAsString(versions)
                                : "Safelight %s on Java %s".formatted(versions.safelight(), versions.java()));
        return ExitCode.OK;
    }

    static String version() {
        @Nullable String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    record Versions(String safelight, String java) {}
}
