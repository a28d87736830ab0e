import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A process that does one job after the other and tells the CPU that each took.
final class Worker implements AutoCloseable {
    private final Process process;
    private final PrintStream requests;
    private final BufferedReader answers;

    /// What it says about itself.
    final String name;

    Worker(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        process = builder.start();
        requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        name = answer();
    }

    /// CPU milliseconds of one job whose outputs are dropped.
    double measure(String job, Path file) throws IOException {
        requests.println(job + "\t" + file + "\t-");
        return Long.parseLong(answer()) / 1000.0;
    }

    /// Runs a job for its outputs.
    void write(String job, Path file, Path folder) throws IOException {
        requests.println(job + "\t" + file + "\t" + folder);
        answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the worker ended: " + process.info().commandLine().orElse("unknown"));
        }
        return line;
    }

    @Override
    public void close() {
        requests.close();
        process.destroy();
    }
}
