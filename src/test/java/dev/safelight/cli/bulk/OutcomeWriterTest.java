package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.cli.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OutcomeWriterTest {
    private static final Map<String, Object> SUMMARY = Map.of("files", 2);
    private static final Outcome READY = new Outcome("photos/a.jpg", "a1", "u1", "READY", null, null, 1234, true);
    private static final Outcome ODD =
            new Outcome("odd \"name\",\n\u001b[2J.jpg", null, null, "FAILED", "unreadable", "it's, \"gone\"", 0, false);

    private final StringWriter text = new StringWriter();
    private final PrintWriter out = new PrintWriter(text);

    private static void write(OutcomeWriter writer, Outcome... outcomes) {
        List.of(outcomes).forEach(writer::told);
        writer.end(SUMMARY);
    }

    @Test
    void writesATableThatReadsBackAsItWas() throws IOException {
        write(new CsvOutcomes(out), READY, ODD);

        try (CSVParser table = CSVParser.parse(
                text.toString(),
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            List<CSVRecord> rows = table.getRecords();
            assertThat(rows).extracting(row -> row.get("file")).containsExactly(READY.file(), ODD.file());
            assertThat(rows).extracting(row -> row.get("status")).containsExactly("READY", "FAILED");
            assertThat(rows).extracting(row -> row.get("detail")).containsExactly("", ODD.detail());
            assertThat(rows).extracting(row -> row.get("assetId")).containsExactly("a1", "");
            assertThat(rows).extracting(row -> row.get("originalBytes")).containsExactly("1234", "0");
            assertThat(rows).extracting(row -> row.get("sent")).containsExactly("true", "false");
        }
    }

    @Test
    void writesOneDocumentOfJson() {
        write(new JsonOutcomes(out), READY, ODD);

        JsonNode document = Json.LINE.readTree(text.toString());
        assertThat(document.path("summary").path("files").asInt()).isEqualTo(2);
        assertThat(document.path("assets").valueStream())
                .extracting(asset -> asset.path("file").asString())
                .containsExactly(READY.file(), ODD.file());
        JsonNode first = document.path("assets").path(0);
        assertThat(first.propertyNames())
                .containsExactly("file", "assetId", "uploadId", "status", "reason", "detail", "originalBytes", "sent");
        assertThat(first.path("reason").isNull()).isTrue();
        assertThat(first.path("sent").asBoolean()).isTrue();
    }

    @Test
    void writesADocumentAlsoOfNothing() {
        write(new JsonOutcomes(out));

        assertThat(Json.LINE.readTree(text.toString()).path("assets").isArray()).isTrue();
    }

    @Test
    void writesALineForEachWithoutWhatWouldActOnATerminal() {
        write(new TextOutcomes(out, false), READY, ODD);

        assertThat(text.toString().lines())
                .containsExactly(
                        "a1  READY  photos/a.jpg", "-  FAILED  odd \"name\",??[2J.jpg (unreadable) it's, \"gone\"");
    }

    @Test
    void writesAllOfFewAndOfManyThoseThatNeedALook() {
        TextOutcomes few = new TextOutcomes(out, true);
        few.told(READY);
        few.told(ODD);
        assertThat(text.toString()).as("while the bar is shown").isEmpty();
        few.end(SUMMARY);
        assertThat(text.toString().lines()).hasSize(2);

        text.getBuffer().setLength(0);
        TextOutcomes many = new TextOutcomes(out, true);
        for (int i = 0; i < 1100; i++) {
            many.told(READY);
            many.told(ODD);
        }
        many.end(SUMMARY);
        assertThat(text.toString().lines()).hasSize(1001).last().asString().contains("100 more");
        assertThat(text.toString()).doesNotContain("READY");
    }
}
