package dev.safelight.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresProgramsTest {
    @TempDir
    private Path folder;

    @Test
    void areSharedInAFolderThatOthersCannotEnter() throws IOException {
        Path programs = PostgresPrograms.folder(Map.of("HOME", folder.toString()), folder.resolve("own"));

        assertThat(programs).isEqualTo(folder.resolve(".cache/safelight/natives/postgres/programs"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(programs.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void areOfTheDatabaseAloneWhereNoFolderCanBeShared() throws IOException {
        Path own = folder.resolve("own");
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(PostgresPrograms.folder(Map.of(), own)).isEqualTo(own);
        assertThat(PostgresPrograms.folder(Map.of("SAFELIGHT_NATIVES", file.toString()), own))
                .isEqualTo(own);
    }
}
