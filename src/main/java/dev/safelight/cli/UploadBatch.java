package dev.safelight.cli;

import dev.safelight.cli.FileUpload.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Uploads several files, a few at a time, and shows how far it is.
final class UploadBatch {
    private final FileUpload upload;
    private final int atOnce;
    private final boolean showProgress;

    UploadBatch(FileUpload upload, int atOnce, boolean showProgress) {
        this.upload = upload;
        this.atOnce = atOnce;
        this.showProgress = showProgress;
    }

    /// The outcomes in the order of the files. Only what stops all of them is thrown.
    List<Outcome> run(List<Path> files) throws IOException, InterruptedException {
        requireReadable(files);
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        if (!showProgress) {
            return run(files, count -> {});
        }
        try (ProgressBar bar = progressBar(files.size(), total)) {
            return run(files, bar::stepBy);
        }
    }

    /// Fails for the first one that is not there, before anything is started or sent.
    static void requireReadable(List<Path> files) {
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                throw new CliException(
                        ExitCode.USAGE,
                        "%s is a folder. Name the files in it, for example %s/*.jpg".formatted(file, file));
            }
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new CliException(ExitCode.USAGE, "%s is not a file that can be read.".formatted(file));
            }
        }
    }

    private List<Outcome> run(List<Path> files, LongConsumer onProgress) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(atOnce, files.size()), Thread.ofVirtual().factory())) {
            List<Callable<Outcome>> tasks = files.stream()
                    .<Callable<Outcome>>map(file -> () -> upload.run(file, onProgress))
                    .toList();
            List<Future<Outcome>> ended = threads.invokeAll(tasks);
            boolean noneEnded = ended.stream().allMatch(future -> future.state() == Future.State.FAILED);
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                outcomes.add(outcome(files.get(i), ended.get(i), noneEnded));
            }
            return outcomes;
        }
    }

    // A server that goes away in the middle does not take back what it did before.
    private static Outcome outcome(Path file, Future<Outcome> ended, boolean noneEnded) throws IOException {
        if (ended.state() == Future.State.SUCCESS) {
            return ended.resultNow();
        }
        switch (ended.exceptionNow()) {
            case IOException unreachable
            when !noneEnded -> {
                return Outcome.failed(file, null, "unreachable", "the server cannot be reached: " + unreachable);
            }
            case IOException unreachable -> throw unreachable;
            case RuntimeException unchecked -> throw unchecked;
            case Throwable unexpected -> throw new IllegalStateException(unexpected);
        }
    }

    private static ProgressBar progressBar(int files, long bytes) {
        return new ProgressBarBuilder()
                .setTaskName(files == 1 ? "Uploading" : "Uploading " + files + " files")
                .setInitialMax(bytes)
                .setUnit(" MB", 1_000_000)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .setConsumer(new ConsoleProgressBarConsumer(new PrintStream(System.err, true), 80))
                .build();
    }
}
