package dev.safelight.cli;

import dev.safelight.cli.bulk.BulkUpload;
import dev.safelight.cli.bulk.DryRun;
import dev.safelight.cli.bulk.Journal;
import dev.safelight.cli.bulk.Naming;
import dev.safelight.cli.bulk.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `safelight upload`: sends files, however many, and waits until they are processed.
@Command(
        name = "upload",
        description = {
            "Uploads files straight to the object store and waits until they are READY or refused.",
            "A run that was stopped is gone on with by the same command: what is done is not done again, also without a"
                    + " journal, since the server knows a file by its content, name, space and target."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All files are READY, or with --no-wait the store has their bytes.",
            "1:Some files failed, were rejected or skipped; the others are uploaded.",
            "2:The command line, or a list of files, is wrong; nothing was sent.",
            "3:The server or the store cannot be reached; the same command goes on later.",
            "4:The server refuses the key, or the journal is in use or belongs to other uploads.",
            "70:A defect in Safelight.",
            "130:Stopped by Ctrl-C; the same command goes on later."
        })
final class UploadCommand implements Callable<Integer> {
    private static final long END_SECONDS = 10;

    @Mixin
    UploadSources sources = new UploadSources();

    @Mixin
    UploadTargets targets = new UploadTargets();

    @Option(
            names = "--space",
            defaultValue = "product",
            description = "product, user or marketing. Default: ${DEFAULT-VALUE}")
    String space = "product";

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "Files, and parts of large files, on their way at a time, 1 to 64. Default: ${DEFAULT-VALUE}")
    int parallel = 4;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "" + Backoff.STANDARD,
            description = "How often what may pass is tried again, with growing pauses, 0 to 100."
                    + " Default: ${DEFAULT-VALUE}")
    int retries = Backoff.STANDARD;

    @Option(names = "--no-wait", description = "Ends when the store has the bytes, without waiting for the server.")
    boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long to wait while no file at all is finished. Default: ${DEFAULT-VALUE}")
    int timeout = 300;

    @Option(names = "--dry-run", description = "Only tells what would be uploaded, without asking the server.")
    boolean dryRun;

    @Mixin
    UploadJournal journals = new UploadJournal();

    @Mixin
    UploadOutput output = new UploadOutput();

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireUsage();
        Naming naming = targets.naming();
        Source source = sources.source();
        if (dryRun) {
            return dryRun(source, naming);
        }
        try (ApiClient api = client.connect(retries);
                Journal journal = journals.open(api.server(), space, sources.identity())) {
            return upload(api, source, journal, naming);
        } finally {
            ended.countDown();
        }
    }

    private void requireUsage() {
        require(parallel >= 1 && parallel <= 64, "--parallel must be 1 to 64, not " + parallel + ".");
        require(retries >= 0 && retries <= 100, "--retries must be 0 to 100, not " + retries + ".");
        require(timeout >= 1, "--timeout must be at least 1 second.");
        require(!output.json || !output.lines, "--json and --lines exclude each other.");
        require(targets.asset == null || sources.isOneFile(), "--asset goes with exactly one file.");
        journals.requireUsage();
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new CliException(ExitCode.USAGE, message);
        }
    }

    private int dryRun(Source source, Naming naming) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        DryRun run = new DryRun(naming, out, output.json || output.quiet);
        boolean isAllFine = run.run(source);
        out.println(output.json ? Json.MAPPER.writeValueAsString(run.summary()) : run.text());
        return isAllFine ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    private int upload(ApiClient api, Source source, @Nullable Journal journal, Naming naming)
            throws IOException, InterruptedException {
        UploadOutput.Running running = output.start(source, spec.commandLine().getOut());
        BulkUpload.Settings settings =
                new BulkUpload.Settings(space, parallel, retries, Duration.ofSeconds(timeout), !noWait, naming);
        BulkUpload upload = new BulkUpload(api, settings, journal, running);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(upload)));
        try {
            upload.run(source);
        } catch (InterruptedException stopped) {
            if (!upload.isStopped()) {
                throw stopped;
            }
        } finally {
            running.end(upload.tally());
            tell(upload, journal);
        }
        if (upload.isStopped()) {
            return ExitCode.INTERRUPTED;
        }
        running.requireWritten();
        return upload.tally().isAllFine() ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }

    private void tell(BulkUpload upload, @Nullable Journal journal) {
        PrintWriter err = spec.commandLine().getErr();
        if (!output.json && !output.quiet) {
            err.println(upload.tally().text());
        }
        if (upload.isStopped()) {
            err.println("safelight: stopped. The same command goes on"
                    + (journal == null ? "; without a journal it reads all files again first." : " from here."));
        }
        err.flush();
    }

    /// Runs when the process is told to end, for example by Ctrl-C, which gives it a moment to end in order.
    private void stop(BulkUpload upload) {
        if (ended.getCount() == 0) {
            return;
        }
        upload.stop();
        try {
            ended.await(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
