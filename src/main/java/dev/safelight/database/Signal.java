package dev.safelight.database;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What PostgreSQL's processes are told; the JDK itself can only send TERM, which makes a server wait for its clients.
enum Signal {
    /// A fast shutdown.
    INT,
    /// For a backend what INT is for the server.
    TERM,
    /// An immediate shutdown, after which the next start recovers.
    QUIT;

    /// That a process is gone already is no failure.
    void send(ProcessHandle process) throws IOException, InterruptedException {
        if (this == TERM) {
            process.destroy();
            return;
        }
        String pid = Long.toString(process.pid());
        try {
            run(List.of("/bin/kill", "-" + name(), pid));
        } catch (IOException e) {
            // Small images have no such program, but PostgreSQL brings one.
            sendByPostgres(process);
        }
    }

    void sendByPostgres(ProcessHandle process) throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        Path server = Files.readSymbolicLink(Path.of("/proc", pid, "exe"));
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // It refuses to run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(server.resolveSibling("pg_ctl").toString(), "kill", name(), pid));
        run(command);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
