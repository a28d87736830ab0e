package dev.safelight.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The jar as it is shipped, and how the launcher starts it.
final class PackagedJar {
    private static final Path JAR = Path.of("target", "safelight.jar").toAbsolutePath();

    /// As the launcher's, but for the compiler: the best code is not worth its making in servers of a minute.
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "--sun-misc-unsafe-memory-access=allow");

    /// What [RecordStart] makes: it saves a third of the time of a start, and is of no use for another jar.
    private static final Path START = Path.of("target", "safelight-it.aot").toAbsolutePath();

    private PackagedJar() {}

    /// A process that is yet to be started, with nothing of the environment that would lead it to another server.
    static ProcessBuilder process(List<String> arguments, Map<String, String> environment) {
        List<String> cache =
                isStartRecorded() ? List.of("-XX:AOTCache=" + START, "-Xlog:aot=off", "-Xlog:cds=off") : List.of();
        return process(cache, arguments, environment);
    }

    /// A process that leaves behind what makes later ones start faster.
    static ProcessBuilder recording(List<String> arguments) {
        return process(List.of("-XX:AOTCacheOutput=" + START), arguments, Map.of());
    }

    static boolean isStartRecorded() {
        return START.toFile().lastModified() > JAR.toFile().lastModified();
    }

    private static ProcessBuilder process(
            List<String> options, List<String> arguments, Map<String, String> environment) {
        assertThat(JAR).as("the packaged jar; build it with: mvn package").isRegularFile();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(options);
        command.add("-jar");
        command.add(JAR.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SAFELIGHT_") && !isForNatives(name));
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().putAll(environment);
        return builder;
    }

    private static boolean isForNatives(String variable) {
        return variable.equals("SAFELIGHT_LIBVIPS") || variable.equals("SAFELIGHT_NATIVES");
    }

    /// Whether a program of this name is at work on a folder.
    static boolean runsOn(ProcessHandle process, Path folder) {
        try {
            String command = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return process.isAlive() && command.contains(folder.toString());
        } catch (IOException gone) {
            return false;
        }
    }
}
