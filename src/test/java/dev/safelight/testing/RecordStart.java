package dev.safelight.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/// Runs the demo of the packaged jar once and records which classes it loads, so that the servers of the
/// integration tests start faster.
///
/// It takes as long as a dozen starts save. Where it cannot be done, tests are slower and nothing else.
public final class RecordStart {
    private static final int MOST_MINUTES = 5;

    private RecordStart() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (PackagedJar.isStartRecorded()) {
            return;
        }
        Path folder = Files.createTempDirectory("safelight-start");
        try {
            Process demo = PackagedJar.recording(List.of(
                            "demo",
                            "--once",
                            "--port",
                            "0",
                            "--data",
                            folder.resolve("data").toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(folder.resolve("log").toFile())
                    .start();
            boolean ended = demo.waitFor(MOST_MINUTES, TimeUnit.MINUTES);
            demo.destroyForcibly();
            if (!ended || demo.waitFor() != 0) {
                System.err.println("No start could be recorded:\n" + Files.readString(folder.resolve("log")));
            }
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }
}
