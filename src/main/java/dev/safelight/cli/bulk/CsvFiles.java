package dev.safelight.cli.bulk;

import dev.safelight.cli.CliException;
import dev.safelight.cli.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/// Files named in a table (RFC 4180) with what they are: columns `file`, `sku`, `part`, `role`; others become
/// metadata.
///
/// Paths are relative to the table. Rows that name no file, or one of a row before, are told with their line.
public final class CsvFiles implements Source {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setTrim(false)
            .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_ALL)
            .setAllowMissingColumnNames(true)
            .get();
    private static final int BYTE_ORDER_MARK = 0xfeff;

    private final Path table;

    /// Reads the whole table once, so that nothing is sent because of a malformed one.
    ///
    /// @throws IllegalArgumentException when it is malformed; the message says where
    public CsvFiles(Path table) throws IOException {
        this.table = table;
        read((row, line) -> {});
    }

    private interface Rows {
        void take(CSVRecord row, long line) throws InterruptedException;
    }

    private void read(Rows rows) throws IOException {
        try (Reader reader = open();
                CSVParser parser = FORMAT.parse(reader)) {
            requireColumns(parser.getHeaderNames());
            for (CSVRecord row : parser) {
                if (!row.isConsistent()) {
                    throw malformed(
                            parser,
                            "has %d cells, where the header has %d"
                                    .formatted(
                                            row.size(), parser.getHeaderNames().size()));
                }
                rows.take(row, parser.getCurrentLineNumber());
            }
        } catch (CSVException | UncheckedIOException | IllegalStateException broken) {
            throw new IllegalArgumentException("%s is no CSV: %s".formatted(table, broken.getMessage()), broken);
        } catch (CharacterCodingException notText) {
            throw new IllegalArgumentException(table + " is not UTF-8 text.", notText);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private Reader open() throws IOException {
        BufferedReader reader = Files.newBufferedReader(table, StandardCharsets.UTF_8);
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    private void requireColumns(List<String> names) {
        if (!names.contains("file")) {
            throw new IllegalArgumentException(
                    "%s, line 1: the header needs a column \"file\"; it has %s.".formatted(table, names));
        }
        if (Set.copyOf(names).size() < names.size()) {
            throw new IllegalArgumentException("%s, line 1: a column stands twice in %s.".formatted(table, names));
        }
        if (names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(table + ", line 1: a column has no name.");
        }
    }

    private IllegalArgumentException malformed(CSVParser parser, String what) {
        return new IllegalArgumentException(
                "%s, line %d: the row %s.".formatted(table, parser.getCurrentLineNumber(), what));
    }

    @Override
    public void visit(Visitor visitor) throws IOException, InterruptedException {
        Map<Path, Long> lines = new HashMap<>();
        try {
            read((row, line) -> visit(row, line, lines, visitor));
        } catch (InterruptedIOException interrupted) {
            throw new InterruptedException();
        } catch (IllegalArgumentException changed) {
            throw new CliException(
                    ExitCode.NOT_AS_IT_SHOULD,
                    "the table changed while its files were uploaded; run again. " + changed.getMessage());
        }
    }

    private void visit(CSVRecord row, long number, Map<Path, Long> lines, Visitor visitor) throws InterruptedException {
        String name = row.get("file");
        String where = "%s, line %d: ".formatted(table, number);
        Path file;
        try {
            file = table.resolveSibling(name).normalize();
        } catch (InvalidPathException malformed) {
            visitor.unusable(table, "unreadable", where + "the cell \"file\" is no path.");
            return;
        }
        Long before = lines.putIfAbsent(file, number);
        if (before != null) {
            visitor.unusable(file, "duplicate", where + "the file stands in line %d already.".formatted(before));
        } else if (name.isBlank() || !Files.isRegularFile(file)) {
            visitor.unusable(file, "unreadable", where + "there is no such file.");
        } else {
            visitor.file(file, name, target(row.toMap()));
        }
    }

    private static Target target(Map<String, String> cells) {
        Map<String, String> filled = new LinkedHashMap<>(cells);
        filled.values().removeIf(String::isEmpty);
        filled.remove("file");
        String sku = filled.remove("sku");
        String part = filled.remove("part");
        String role = filled.remove("role");
        return new Target(sku, part, role, filled, null);
    }
}
