import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// One of the servers of `bench/peers/server.mjs` in a process of its own.
final class PeerServer implements AutoCloseable {
    private final Process process;

    /// What it is, with versions.
    final String name;

    final String url;

    /// @param kind as the script knows it
    /// @param folder of the pictures that it serves
    PeerServer(String kind, Path folder) throws IOException {
        Path script = Path.of(System.getProperty("safelight.project"), "bench/peers/server.mjs");
        process = new ProcessBuilder(List.of("node", script.toString(), kind, folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        name = lines.readLine();
        String port = lines.readLine();
        if (port == null) {
            throw new IOException("the server to compare with did not start: " + kind);
        }
        url = "http://127.0.0.1:" + port;
    }

    long pid() {
        return process.pid();
    }

    double cpuMillis() throws IOException {
        return KernelAccounts.cpuMillis(pid(), true);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
