package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.safelight.cli.bulk.BulkServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class UploadCommandTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path folder = Path.of("");

    private final BulkServer server;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    UploadCommandTest() throws IOException {
        server = new BulkServer();
    }

    @BeforeEach
    void write() throws IOException {
        Files.createDirectory(folder.resolve("photos"));
        Files.writeString(folder.resolve("photos/good.jpg"), "picture");
        Files.writeString(folder.resolve("photos/malformed.jpg"), "picture");
        Files.writeString(folder.resolve("key"), "secret");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int upload(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "upload",
                folder.resolve("photos").toString(),
                "--url",
                server.url().toString(),
                "--key-file",
                folder.resolve("key").toString(),
                "--no-journal",
                "--no-progress",
                "--retries",
                "0"));
        arguments.addAll(List.of(more));
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return line.execute(arguments.toArray(String[]::new));
    }

    @Test
    void tellsHowEachFileEndedOnTheScreenAndInReports() throws IOException {
        Path table = folder.resolve("report.CSV");
        Path document = folder.resolve("report.json");

        assertThat(upload("--report", table.toString())).isEqualTo(ExitCode.NOT_AS_IT_SHOULD);
        assertThat(upload("--report", document.toString(), "--quiet", "--exclude", "malformed.*"))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("asset-of-good.jpg  READY  .*good.jpg"))
                .anyMatch(line -> line.matches("-  REJECTED  .*malformed.jpg .refused. .*"))
                .hasSize(2);
        assertThat(Files.readAllLines(table))
                .hasSize(3)
                .first()
                .isEqualTo("file,status,reason,detail,assetId,uploadId,originalBytes,sent");
        JsonNode report = Json.LINE.readTree(Files.readString(document));
        assertThat(report.path("assets").valueStream())
                .singleElement()
                .satisfies(asset -> assertThat(asset.path("status").asString()).isEqualTo("READY"));
        assertThat(report.path("summary").path("known").asInt()).isEqualTo(1);
    }

    @Test
    void refusesAReportThatCannotBeWrittenBeforeAnythingIsSent() {
        for (Path report : List.of(folder, folder.resolve("nowhere/report.json"))) {
            err.getBuffer().setLength(0);
            assertThat(upload("--report", report.toString())).isEqualTo(ExitCode.USAGE);
            assertThat(err.toString())
                    .startsWith("safelight: the report " + report + " cannot be written: ")
                    .doesNotContain("Exception");
        }
        assertThat(server.requests).hasValue(0);
    }

    @Test
    void saysThatAReportIsNotWholeButFirstWhyTheRunFailed() {
        assumeThat(FULL).exists();

        assertThat(upload("--report", FULL.toString())).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("could not be written whole");

        err.getBuffer().setLength(0);
        server.fault = request -> 401;
        assertThat(upload("--report", FULL.toString())).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("on demand").doesNotContain("written whole");
    }

    @Test
    void endsWithTheSameCodeWhereverTheWayToTheStoreEnds() {
        server.fault = request -> 503;
        assertThat(upload()).as("the server is unavailable").isEqualTo(ExitCode.UNREACHABLE);

        server.close();
        assertThat(upload()).as("nothing answers").isEqualTo(ExitCode.UNREACHABLE);
        assertThat(err.toString()).contains("cannot be reached").doesNotContain("\tat ");
    }
}
