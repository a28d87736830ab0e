package dev.safelight.cli.bulk;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar on the terminal with files, bytes, rate and the time that is left. What there is to do is counted
/// meanwhile.
public final class ProgressDisplay implements AutoCloseable {
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final ProgressBar bar;
    private final Thread counter;

    public ProgressDisplay(Source source, PrintStream terminal) {
        bar = new ProgressBarBuilder()
                .setTaskName("Uploading")
                .setInitialMax(-1)
                .setUnit(" MB", 1_000_000)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(terminal, 100))
                .build();
        counter = Thread.ofVirtual().name("count-files").unstarted(() -> count(source));
        if (source.isRepeatable()) {
            counter.start();
        }
    }

    private void count(Source source) {
        try {
            source.visit(new Source.Visitor() {
                @Override
                public void file(Path file, String name, Target target) throws InterruptedException {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    files.incrementAndGet();
                    bytes.addAndGet(sizeOf(file));
                }

                @Override
                public void unusable(Path file, String reason, String detail) {
                    files.incrementAndGet();
                }
            });
            bar.maxHint(bytes.get());
            show();
        } catch (IOException | InterruptedException uncounted) {
            // The bar goes on without an end; the run itself will say what is wrong.
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }

    public void progressed(long count) {
        bar.stepBy(count);
    }

    public void ended() {
        ended.incrementAndGet();
        show();
    }

    private void show() {
        boolean isCounted = bar.getMax() > 0;
        bar.setExtraMessage(isCounted ? "%d/%d files".formatted(ended.get(), files.get()) : ended.get() + " files");
    }

    @Override
    public void close() {
        counter.interrupt();
        bar.close();
    }
}
