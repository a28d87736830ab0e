package dev.safelight.cli.bulk;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/// Writes outcomes as a table (RFC 4180).
public final class CsvOutcomes implements OutcomeWriter {
    private final PrintWriter out;
    private final CSVPrinter table;

    public CsvOutcomes(PrintWriter out) throws IOException {
        this.out = out;
        this.table = new CSVPrinter(out, CSVFormat.RFC4180);
        table.printRecord("file", "status", "reason", "detail", "assetId", "uploadId", "originalBytes", "sent");
    }

    @Override
    public void told(Outcome outcome) {
        try {
            table.printRecord(
                    outcome.file(),
                    outcome.status(),
                    outcome.reason(),
                    outcome.detail(),
                    outcome.assetId(),
                    outcome.uploadId(),
                    outcome.originalBytes(),
                    outcome.isSent());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void end(Map<String, Object> summary) {
        out.flush();
    }
}
