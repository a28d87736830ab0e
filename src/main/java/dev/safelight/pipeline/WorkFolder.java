package dev.safelight.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.stereotype.Component;

/// Where pipelines keep files while they run; swept at start, so each process needs a folder of its own.
@Component
final class WorkFolder {
    private final Path folder;

    WorkFolder(Settings settings) throws IOException {
        this.folder = settings.folder().toAbsolutePath();
        Workspace.sweep(folder);
    }

    /// A file that is kept across starts.
    Path file(String name) throws IOException {
        return Files.createDirectories(folder).resolve(name);
    }

    Workspace open() throws IOException {
        return Workspace.in(folder);
    }

    /// @param folder on a disk with room for one original for each job that runs at once
    @ConfigurationProperties("safelight.work")
    record Settings(Path folder) {}
}
