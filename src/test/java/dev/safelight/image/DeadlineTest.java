package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.image.VariantSpec.Fit;
import dev.safelight.testing.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DeadlineTest {
    @TempDir
    private Path folder;

    @Test
    void stopsARenderThatTakesTooLongAndFreesItsMemory() throws Exception {
        Path file = Files.write(folder.resolve("large.png"), Pictures.png(4000, 3000));
        VariantSpec slow = new VariantSpec("a", MediaType.WEBP, Fit.INSIDE, 0, 0, 80, 6);
        ImageLimits limits = new ImageLimits(20_000_000, 1, 20_000_000, 1 << 20, Duration.ofMillis(400));
        Vips vips = Libraries.open().primary();
        long before = vips.pixelMemory();

        try (ImageEngine engine = new ImageEngine(limits, 2)) {
            for (int i = 0; i < 2; i++) {
                // The second one would wait for ever if the first kept its share of the memory.
                assertThatExceptionOfType(ImageRejected.class)
                        .isThrownBy(() -> engine.render(file, MediaType.PNG, List.of(slow)))
                        .withMessageContaining("too long")
                        .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(Reason.TOO_LARGE));
            }
        }

        await().untilAsserted(() -> assertThat(vips.pixelMemory()).isEqualTo(before));
    }

    @Test
    void leavesWorkBehindThatDoesNotEndAndTellsWhoWaitsForIt() {
        CountDownLatch never = new CountDownLatch(1);
        NativeThreads threads =
                new NativeThreads(1, Duration.ofMinutes(1), Duration.ofMillis(100), Duration.ofSeconds(9), () -> {});
        NativeWork<Boolean> stuck = threads.submit(new KillSwitch(), () -> {
            while (!Thread.interrupted()) {
                Thread.onSpinWait();
            }
            never.await();
            return true;
        });
        NativeWork<Boolean> queued = threads.submit(new KillSwitch(), () -> true);

        threads.close();

        for (NativeWork<Boolean> work : List.of(stuck, queued, threads.submit(new KillSwitch(), () -> true))) {
            assertThatExceptionOfType(CancellationException.class).isThrownBy(work::result);
        }
        never.countDown();
    }

    @Test
    void replacesThreadsThatAreStuckUntilTheyComeBack() throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        try (NativeThreads threads =
                new NativeThreads(1, Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofMillis(100), () -> {})) {
            stuck(threads, back);
            await().until(() -> threads.size() == 2);
            assertThat(threads.submit(new KillSwitch(), () -> true).result()).isTrue();
            assertThat(threads.isHealthy()).isTrue();

            stuck(threads, back);
            await().until(() -> !threads.isHealthy());
            assertThat(threads.size()).isEqualTo(2);
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> threads.submit(new KillSwitch(), () -> true))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));

            back.countDown();
            await().until(() -> threads.isHealthy() && threads.size() == 1);
            assertThat(threads.submit(new KillSwitch(), () -> true).result()).isTrue();
        }
    }

    @Test
    void givesMemoryBackWhenNoThreadTakesTheWork() throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        Path file = Files.write(folder.resolve("a.png"), Pictures.png(40, 30));
        MemoryBudget budget = new MemoryBudget(1 << 20, 1);
        try (NativeThreads threads =
                new NativeThreads(1, Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofMillis(100), () -> {})) {
            stuck(threads, back);
            stuck(threads, back);
            await().until(() -> !threads.isHealthy());
            Decoder decoder = new Decoder(Libraries.open(), ImageLimits.DEFAULT);
            Probe probe = decoder.probe(file, MediaType.PNG);
            VariantSpec spec = new VariantSpec("a", MediaType.WEBP, Fit.INSIDE, 0, 0, 80, 0);
            Plan plan = Plan.of(new Size(40, 30), List.of(spec));

            for (int i = 0; i < 2; i++) {
                // The second one would wait for ever if the first kept its share.
                MemoryBudget.Share share = budget.take(1 << 20);
                assertThatExceptionOfType(Failure.class)
                        .isThrownBy(() -> new RenderJob(decoder, threads, file, probe, plan).run(List.of(spec), share));
            }
            back.countDown();
        }
    }

    /// Work that is deaf to being given up.
    private static void stuck(NativeThreads threads, CountDownLatch back) {
        NativeWork<Boolean> work = threads.submit(new KillSwitch(), () -> {
            back.await();
            return true;
        });
        assertThatExceptionOfType(ImageRejected.class).isThrownBy(work::result);
    }

    @Test
    void doesNotBlameThePictureForAFileThatCannotBeRead() {
        try (ImageEngine engine = new ImageEngine(ImageLimits.DEFAULT, 1)) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> engine.probe(folder.resolve("gone.png"), MediaType.PNG))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        }
        assertThat(new VipsException("pngload", "unix error: Too many open files").isShortage())
                .isTrue();
        assertThat(new VipsException("tiffload", "unable to open source for input").isShortage())
                .isFalse();
    }
}
