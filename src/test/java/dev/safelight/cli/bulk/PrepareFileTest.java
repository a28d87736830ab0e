package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.safelight.cli.bulk.PrepareFile.Found;
import dev.safelight.cli.bulk.PrepareFile.Prepared;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareFileTest {
    /// A regular file that nobody can read the beginning of.
    private static final Path BROKEN = Path.of("/proc/self/mem");

    @TempDir
    Path folder = Path.of("");

    private final PrepareFile prepare = new PrepareFile(Naming.NONE, "product", true, null);

    private static Found found(Path file) {
        return new Found(0, file, file.toString(), Target.NONE);
    }

    @Test
    void takesAnInterruptionForWhatItIsAndNotForABadFile() throws IOException {
        Path file = Files.write(folder.resolve("large.jpg"), new byte[200_000]);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> prepare.prepare(found(file)));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void endsAFileOfUnknownTypeThatCannotBeRead() throws Exception {
        assumeThat(BROKEN).isReadable();
        Path link = Files.createSymbolicLink(folder.resolve("broken"), BROKEN);

        assertThat(prepare.prepare(found(link))).isInstanceOfSatisfying(Prepared.Ended.class, ended -> {
            assertThat(ended.outcome().reason()).isEqualTo("unreadable");
            assertThat(ended.outcome().detail()).startsWith("cannot be read: ").doesNotContain("Exception");
        });
    }

    @Test
    void goesOnWithADryRunAfterAFileThatCannotBeRead() throws Exception {
        assumeThat(BROKEN).isReadable();
        Files.createSymbolicLink(folder.resolve("broken"), BROKEN);
        Files.write(folder.resolve("good.jpg"), new byte[5]);
        StringWriter text = new StringWriter();
        DryRun run = new DryRun(Naming.NONE, new PrintWriter(text), false);

        boolean isAllFine = run.run(new NamedFiles(List.of(folder.toString()), FileFilter.ALL));

        assertThat(isAllFine).isFalse();
        assertThat(text.toString())
                .contains("broken (unreadable) cannot be read")
                .contains("good.jpg");
    }
}
