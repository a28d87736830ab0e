package dev.safelight.cli;

import dev.safelight.backup.Progress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar on the terminal with the bytes that were copied or read, where there is a terminal.
final class CopyProgress implements Progress, AutoCloseable {
    private final @Nullable ProgressBar bar;

    private CopyProgress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /// @param task in one word
    /// @param wanted whether there is to be one
    static CopyProgress of(String task, boolean wanted) {
        if (!wanted || !Terminal.showsProgress()) {
            return new CopyProgress(null);
        }
        return new CopyProgress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(-1)
                .setUnit(" MB", 1_000_000)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, 100))
                .build());
    }

    @Override
    public void planned(long bytes) {
        if (bar != null) {
            bar.maxHint(bytes);
        }
    }

    @Override
    public void advanced(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
