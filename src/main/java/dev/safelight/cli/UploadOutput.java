package dev.safelight.cli;

import dev.safelight.cli.bulk.CsvOutcomes;
import dev.safelight.cli.bulk.JsonOutcomes;
import dev.safelight.cli.bulk.Listener;
import dev.safelight.cli.bulk.Outcome;
import dev.safelight.cli.bulk.OutcomeWriter;
import dev.safelight.cli.bulk.ProgressDisplay;
import dev.safelight.cli.bulk.ReadFailure;
import dev.safelight.cli.bulk.Source;
import dev.safelight.cli.bulk.Tally;
import dev.safelight.cli.bulk.TextOutcomes;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a run is told about.
final class UploadOutput {
    @Option(names = "--json", description = "Prints {\"assets\":[…],\"summary\":{…}} instead of lines.")
    boolean json;

    @Option(names = "--lines", description = "Prints a line for each file as it ends, and shows no progress bar.")
    boolean lines;

    @Option(names = "--quiet", description = "Prints no lines; only what stops the run.")
    boolean quiet;

    @Option(names = "--no-progress", description = "Shows no progress bar; there is none when stderr is no terminal.")
    boolean noProgress;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes how each file ended: as a table where the name ends in .csv, else as JSON.")
    @Nullable
    Path report;

    boolean showsProgress() {
        return Terminal.showsProgress() && !noProgress && !lines && !quiet;
    }

    Running start(Source source, PrintWriter out) throws IOException {
        List<OutcomeWriter> writers = new ArrayList<>();
        List<PrintWriter> files = new ArrayList<>();
        if (report != null) {
            PrintWriter file = open(report);
            files.add(file);
            boolean isTable = report.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
            writers.add(isTable ? new CsvOutcomes(file) : new JsonOutcomes(file));
        }
        if (json) {
            writers.add(new JsonOutcomes(out));
        } else if (!quiet) {
            writers.add(new TextOutcomes(out, showsProgress()));
        }
        return new Running(writers, files, progress(source, showsProgress()));
    }

    private static PrintWriter open(Path report) {
        try {
            return new PrintWriter(Files.newBufferedWriter(report, StandardCharsets.UTF_8));
        } catch (IOException unwritable) {
            String why = unwritable instanceof NoSuchFileException
                    ? "there is no such folder."
                    : ReadFailure.text(unwritable);
            throw new CliException(ExitCode.USAGE, "the report %s cannot be written: %s".formatted(report, why));
        }
    }

    /// Keeps the outcomes, for runs of few files.
    static Running collect(Source source, boolean showsProgress, List<Outcome> outcomes) {
        OutcomeWriter writer = new OutcomeWriter() {
            @Override
            public void told(Outcome outcome) {
                outcomes.add(outcome);
            }

            @Override
            public void end(Map<String, Object> summary) {}
        };
        return new Running(List.of(writer), List.of(), progress(source, showsProgress));
    }

    private static @Nullable ProgressDisplay progress(Source source, boolean isShown) {
        return isShown ? new ProgressDisplay(source, new PrintStream(System.err, true)) : null;
    }

    /// What is shown and written during a run.
    static final class Running implements Listener {
        private final List<OutcomeWriter> writers;
        private final List<PrintWriter> files;
        private final @Nullable ProgressDisplay progress;

        private Running(List<OutcomeWriter> writers, List<PrintWriter> files, @Nullable ProgressDisplay progress) {
            this.writers = writers;
            this.files = files;
            this.progress = progress;
        }

        @Override
        public void progressed(long bytes) {
            if (progress != null) {
                progress.progressed(bytes);
            }
        }

        @Override
        public void ended(Outcome outcome) {
            if (progress != null) {
                progress.ended();
            }
        }

        @Override
        public void told(Outcome outcome) {
            writers.forEach(writer -> writer.told(outcome));
        }

        /// Called once, also after a run that was cut off or failed.
        void end(Tally tally) {
            if (progress != null) {
                progress.close();
            }
            for (OutcomeWriter writer : writers) {
                writer.end(tally.summary());
            }
            files.forEach(PrintWriter::close);
        }

        /// @throws IOException when less was written than there was to tell
        void requireWritten() throws IOException {
            if (files.stream().anyMatch(PrintWriter::checkError)) {
                throw new IOException("the report could not be written whole; is the disk full?");
            }
        }
    }
}
