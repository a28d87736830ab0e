package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrariesTest {
    @TempDir
    private Path folder;

    @Test
    void prefersTheNamedLibraryAndThenUsesNoOther() {
        Map<String, String> environment =
                Map.of(LibraryFinder.VARIABLE, "b.so", "SAFELIGHT_NATIVES", folder.toString());

        assertThat(LibraryFinder.candidates("a.so", environment)).containsExactly("a.so");
        assertThat(LibraryFinder.candidates(null, environment)).containsExactly("b.so");
    }

    @Test
    void looksIntoTheNativesFolderAndThenTheSystem() throws IOException {
        Path library = Files.createDirectories(folder.resolve("libvips")).resolve("libvips-cpp.so.8.18.7");
        Files.createFile(library);

        assertThat(LibraryFinder.candidates(null, Map.of("SAFELIGHT_NATIVES", folder.toString())))
                .containsExactly(library.toString(), "libvips.so.42");
        assertThat(LibraryFinder.candidates(null, Map.of("HOME", folder.toString())))
                .containsExactly("libvips.so.42");
    }

    @Test
    void saysWhatToDoWhereThereIsNoLibrary() {
        String file = folder.resolve("none.so").toString();

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> Libraries.open(List.of(file, file), "x"))
                .withMessageContaining("./run natives")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> Libraries.open(List.of(file), LibraryFinder.nameOrigin(null)))
                .withMessageContaining("SAFELIGHT_LIBVIPS names " + file);
    }
}
