package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    @TempDir
    Path folder;

    @Test
    void goesAwayWithEverythingInIt() throws IOException {
        try (Workspace workspace = Workspace.in(folder)) {
            Files.writeString(workspace.original(), "x");
        }

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void sweepRemovesLeftoversOfRunsAndNothingElse() throws IOException {
        Files.writeString(Workspace.in(folder).original(), "left by a killed run");
        Path foreign =
                Files.writeString(Files.createDirectory(folder.resolve("mine")).resolve("a.txt"), "keep");

        Workspace.sweep(folder);

        assertThat(folder)
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("run-"));
        assertThat(foreign).hasContent("keep");
    }
}
