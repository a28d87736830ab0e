package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void keepsASecondServerOutAndSaysWhereTheFirstIs() throws IOException {
        try (DataFolder first = new DataFolder(folder)) {
            first.acquire();
            first.writeRun("http://localhost:8080");

            assertThatExceptionOfType(CliException.class)
                    .isThrownBy(new DataFolder(folder)::acquire)
                    .withMessageContaining("another Safelight at http://localhost:8080 uses the data folder " + folder)
                    .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED));
            assertThat(first.readRun()).isPresent();
        }
    }

    @Test
    void letsTheNextServerInAfterTheFirst() throws IOException {
        try (DataFolder first = new DataFolder(folder)) {
            first.acquire();
        }
        try (FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void tellsClientsWhereTheServerIsAsLongAsItRuns() throws IOException {
        DataFolder server = new DataFolder(folder);
        server.acquire();
        server.writeRun("http://localhost:1");
        server.writeRun("http://localhost:2");

        assertThat(new DataFolder(folder).readRun())
                .contains(new DataFolder.Run(
                        "http://localhost:2", ProcessHandle.current().pid()));
        assertThat(folder.resolve("run.json.new")).doesNotExist();

        server.close();
        assertThat(new DataFolder(folder).readRun()).isEmpty();
    }

    @Test
    void forgetsARunThatWasKilled() throws IOException {
        Files.writeString(folder.resolve("run.json"), "{\"url\":\"http://localhost:1\",\"pid\":1}");

        try (DataFolder server = new DataFolder(folder)) {
            server.acquire();
            assertThat(server.readRun()).isEmpty();
        }
    }

    @Test
    void takesHalfARunFileForNone() throws IOException {
        Files.writeString(folder.resolve("run.json"), "{\"url\":");

        assertThat(new DataFolder(folder).readRun()).isEmpty();
    }

    @Test
    void refusesAFileAsFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatExceptionOfType(CliException.class)
                .isThrownBy(new DataFolder(file)::acquire)
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE));
    }
}
