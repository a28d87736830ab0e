package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class UsageTest {
    @TempDir
    Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bogus",
                "serve --bogus",
                "serve --port many",
                "serve --port 70000",
                "serve --port -1",
                "serve --s3-port 70000",
                "serve --roles cook",
                "upload",
                "upload --parallel 33 x.jpg",
                "upload --timeout 0 x.jpg",
                "upload absent.jpg --url http://localhost:1 --key-file pom.xml",
                "demo absent.jpg",
                "key create name",
                "key create name --role uploader --max-bytes lots",
                "key create name --role uploader --quota 0MB",
                "key create name --role uploader --quota -5GB",
                "key create name --role uploader --max-bytes 99999999999GB",
                "key create name --role uploader --max-duration 5",
                "key create name --role uploader --max-pixels many",
                "key create name --role uploader --grants-per-minute 1.5",
                "asset versions",
                "asset versions 1 --limit many",
                "asset rollback",
                "asset rollback 1 --version 0",
                "asset rollback 1 --version newest",
                "asset list --url ftp://nowhere",
                "asset reprocess",
                "asset reprocess 1 --all",
                "asset reprocess 1 --space user",
                "asset reprocess 1 --timeout 0"
            })
    void refusesWrongUsageWithAMessage(String line) {
        assertThat(run(line.split(" "))).as(err.toString()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("safelight: ").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void saysThatAFolderIsNoFile() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "sl_key");
        assertThat(run("upload", folder.toString(), "--url", "http://localhost:1", "--key-file", key.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(folder + " is a folder");
    }

    @Test
    void saysThatNoServerRuns() {
        assertThat(run("asset", "list", "--data", folder.toString())).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("safelight serve --data " + folder);
    }
}
