package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoPicturesTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void drawsWholePicturesAndKeepsThem() throws IOException {
        List<Path> drawn = DemoPictures.drawTo(folder);

        assertThat(folder).isDirectoryContaining(drawn.getFirst()::equals);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrderElementsOf(drawn);
        }
        for (Path picture : drawn) {
            assertThat(ImageIO.read(picture.toFile())).isNotNull();
        }
        var modified = Files.getLastModifiedTime(drawn.getFirst());
        assertThat(DemoPictures.drawTo(folder)).isEqualTo(drawn);
        assertThat(Files.getLastModifiedTime(drawn.getFirst())).isEqualTo(modified);
    }
}
