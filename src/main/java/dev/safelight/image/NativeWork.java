package dev.safelight.image;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A task on a native thread whose result may be given up before it ends.
///
/// The time counts from the start of the computation, so that waiting for a thread never makes a picture too slow.
final class NativeWork<T> implements Runnable {
    private static final long KILL_AGAIN_MILLIS = 50;

    private final Callable<T> work;
    private final KillSwitch kill;
    private final ScheduledExecutorService watchdog;
    private final Duration time;
    private final Duration grace;
    private final Stuck stuck;
    private boolean isStuck;
    private boolean hasEnded;
    private long givenUpAt;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    /// Hears that a thread does not come back from work that was given up, and that it does after all.
    interface Stuck {
        void changes(boolean begins);
    }

    NativeWork(
            Callable<T> work,
            KillSwitch kill,
            ScheduledExecutorService watchdog,
            Duration time,
            Duration grace,
            Stuck stuck) {
        this.work = work;
        this.kill = kill;
        this.watchdog = watchdog;
        this.time = time;
        this.grace = grace;
        this.stuck = stuck;
    }

    @Override
    public void run() {
        ScheduledFuture<?> watch = watchdog.scheduleWithFixedDelay(
                this::expire, time.toMillis(), KILL_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        try {
            if (kill.isKilled()) {
                throw new CancellationException("the rest of the work has failed");
            }
            result.complete(work.call());
        } catch (Throwable e) {
            // Not swallowed: whoever waits for the result gets it.
            result.completeExceptionally(e);
        } finally {
            watch.cancel(false);
            leave();
            ended.complete(null);
        }
    }

    private void expire() {
        result.completeExceptionally(tooSlow());
        kill.kill();
        noticeStuck(System.nanoTime());
    }

    private synchronized void noticeStuck(long now) {
        if (givenUpAt == 0) {
            givenUpAt = now;
        } else if (!hasEnded && !isStuck && now - givenUpAt >= grace.toNanos()) {
            isStuck = true;
            stuck.changes(true);
        }
    }

    private synchronized void leave() {
        hasEnded = true;
        if (isStuck) {
            isStuck = false;
            stuck.changes(false);
        }
    }

    /// Gives it up; when it has started already, it still ends by itself.
    void cancel() {
        result.cancel(false);
        kill.kill();
    }

    /// Gives up work that no thread will ever start.
    void discard() {
        cancel();
        ended.complete(null);
    }

    /// Runs something when no thread works on this any more.
    void whenEnded(Runnable action) {
        var _ = ended.thenRun(action);
    }

    static <T> void whenAllEnded(Collection<NativeWork<T>> works, Runnable action) {
        CompletableFuture<?>[] all = works.stream().map(work -> work.ended).toArray(CompletableFuture<?>[]::new);
        var _ = CompletableFuture.allOf(all).thenRun(action);
    }

    /// Waits for the result, at most until the watchdog gives it up.
    ///
    /// @throws ImageRejected also when it takes too long
    /// @throws Failure unavailable, when the machine could not do it now
    T result() throws ImageRejected {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the call was interrupted");
        } catch (ExecutionException e) {
            throw translated(e.getCause());
        }
    }

    private RuntimeException translated(@Nullable Throwable cause) throws ImageRejected {
        return switch (cause) {
            case ImageRejected rejected when rejected.rejection().reason() == Reason.TOO_LARGE -> throw rejected;
            case Throwable _ when kill.isKilled() -> throw tooSlow();
            case ImageRejected rejected -> throw rejected;
            case Failure failure -> failure;
            case VipsException shortage when shortage.isShortage() -> shortage.unavailable();
            case UncheckedIOException unreadable ->
                new Failure(Failure.Kind.UNAVAILABLE, "The picture cannot be read at the moment.", unreadable);
            case null, default -> new IllegalStateException("native work failed", cause);
        };
    }

    private static ImageRejected tooSlow() {
        return new ImageRejected(Reason.TOO_LARGE, "The picture takes too long to decode.");
    }
}
