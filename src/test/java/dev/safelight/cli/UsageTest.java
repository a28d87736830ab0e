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
                "upload --parallel 65 pom.xml",
                "upload --retries -1 pom.xml",
                "upload --json --lines pom.xml",
                "upload --asset 1 pom.xml run",
                "upload --asset 1 src",
                "upload --pattern {SKU}.jpg pom.xml",
                "upload --pattern-optional pom.xml",
                "upload --metadata alt pom.xml",
                "upload --csv absent.csv",
                "upload --csv pom.xml",
                "upload --csv /dev/null",
                "upload --csv absent.csv pom.xml",
                "upload --files-from absent.txt",
                "upload --include [a src",
                "upload --no-journal --journal x pom.xml",
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
                "session create --type image/jpeg",
                "session create --max-bytes lots",
                "session create --lifetime 3600",
                "upload photos/[abc",
                "upload /dev/null/**/[abc --dry-run",
                "demo photos/[abc",
                "asset versions",
                "asset versions 1 --limit many",
                "asset rollback",
                "asset rollback 1 --version 0",
                "asset rollback 1 --version newest",
                "asset list --url ftp://nowhere",
                "asset list --url http://localhost:1 --key-file /tmp",
                "asset list --url http://localhost:1 --key-file src/main/resources/dev/safelight/image/sample/picture.jpg",
                "asset reprocess",
                "asset reprocess 1 --all",
                "asset reprocess 1 --space user",
                "asset reprocess 1 --timeout 0",
                "asset reprocess 1 --sku-prefix A",
                "asset reprocess --all --rate 0",
                "asset reprocess --all --rate fast",
                "asset reprocess --all --rate 10/h",
                "asset reprocess --all --in-flight 1001",
                "asset reprocess --all --dry-run --detach",
                "backfill",
                "backfill show",
                "backfill watch 1 --timeout 0",
                "backfill list --limit many",
                "backfill list --cursor",
                "backfill pause 1 2",
                "backfill bogus",
                "purge",
                "purge --everything --tag a",
                "purge --tag a --timeout 0",
                "purge show",
                "purge retry",
                "purge watch 1 --timeout 0"
            })
    void refusesWrongUsageWithAMessage(String line) {
        assertThat(run(line.split(" "))).as(err.toString()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("safelight: ").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void tellsWhatWouldBeUploadedWithoutAServer() throws Exception {
        Files.writeString(folder.resolve("A1_front.jpg"), "picture");
        Files.writeString(folder.resolve("A1.jpg"), "picture");
        Files.writeString(folder.resolve("notes.xyz"), "no picture, and of no known type: \1\2");
        Files.writeString(folder.resolve("A2_empty.jpg"), "");

        int exitCode = run("upload", "--dry-run", "--pattern", "{sku}_{role}.{ext}", folder.toString());

        assertThat(exitCode).isEqualTo(ExitCode.NOT_AS_IT_SHOULD);
        assertThat(out.toString())
                .contains("A1_front.jpg  sku=A1 role=front")
                .contains("A1.jpg (name-mismatch)")
                .contains("A2_empty.jpg (empty)")
                .contains("1 files (7 B) would be uploaded: {image/jpeg=1}; 3 not: {empty=1, name-mismatch=2}");
    }

    @Test
    void saysThatNoServerRuns() {
        assertThat(run("asset", "list", "--data", folder.toString())).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("safelight serve --data " + folder);
    }
}
