package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a run does when the server, the store or the files themselves are not as they should be.
class UploadTroubleTest {
    @TempDir
    Path folder = Path.of("");

    @TempDir
    Path state = Path.of("");

    private final BulkServer server;
    private final BulkRuns runs;

    UploadTroubleTest() throws IOException {
        server = new BulkServer();
        runs = new BulkRuns(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path write(String name, int bytes) throws IOException {
        return BulkRuns.write(folder.resolve(name), bytes);
    }

    private Journal journal() throws IOException {
        return Journal.open(state.resolve("journal.jsonl"), "server", "product", false);
    }

    @Test
    void triesAgainWhatMayPass() throws Exception {
        AtomicInteger count = new AtomicInteger();
        int[] statuses = {429, 503, 408, 500};
        server.fault = request -> {
            int number = count.getAndIncrement();
            return number % 2 == 0 && number / 2 < statuses.length ? statuses[number / 2] : null;
        };

        Tally tally = runs.upload(write("a.jpg", 100_000), write("b.jpg", 100_000));

        assertThat(tally.isAllFine()).as("%s", runs.told).isTrue();
        assertThat(runs.progress).hasValue(200_000);
    }

    @Test
    void failsOnlyTheFileThatTheStoreDoesNotTake() throws Exception {
        server.fault = request -> request.startsWith("POST /store/u0") ? 400 : null;

        runs.upload(write("a.jpg", 5), write("b.jpg", 5), write("c.jpg", 5));

        assertThat(runs.told).extracting(Outcome::status).containsOnlyOnce("FAILED");
        assertThat(runs.told).filteredOn(Outcome::isReady).hasSize(2);
    }

    @Test
    void sendsLargeFilesInPartsAndSignsAnewWhatExpired() throws Exception {
        Path file = write("film.mp4", 25 * BulkServer.PART + 17);
        AtomicInteger refused = new AtomicInteger();
        server.fault =
                request -> request.matches("PUT /store/.*/(2|9|26)/.*") && refused.incrementAndGet() <= 4 ? 403 : null;

        Tally tally = runs.upload(file);

        assertThat(tally.isAllFine()).as("%s", runs.told).isTrue();
        assertThat(server.objects.values()).singleElement().isEqualTo(Files.readAllBytes(file));
        assertThat(runs.progress).hasValue(Files.size(file));
    }

    @Test
    void goesOnWithTheMissingParts() throws Exception {
        Path file = write("film.mp4", 12 * BulkServer.PART);
        server.fault = request -> request.matches("PUT /store/.*/(5|6)/.*") ? 400 : null;
        try (Journal journal = journal()) {
            runs.upload(Naming.NONE, journal, file);
        }
        assertThat(runs.told).extracting(Outcome::status).containsExactly("FAILED");
        server.fault = request -> null;
        int taken = server.bodiesTaken.get();
        int there = server.parts.values().iterator().next().size();

        try (Journal journal = journal()) {
            runs.upload(Naming.NONE, journal, file);
        }

        assertThat(runs.told).extracting(Outcome::status).containsExactly("READY");
        assertThat(server.bodiesTaken.get() - taken).isEqualTo(12 - there);
        assertThat(server.byKey).hasSize(1);
        assertThat(server.objects.values()).singleElement().isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void noticesAFileThatChangesWhileItIsSent() throws Exception {
        Path small = write("small.jpg", 3);
        Path large = write("large.mp4", 100_000);
        server.fault = request -> {
            if (request.startsWith("PUT /store")) {
                try {
                    Files.write(large, new byte[90_000]);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
            return null;
        };

        runs.upload(small, large);

        assertThat(runs.told).extracting(Outcome::reason).containsExactly(null, "changed");
        assertThat(server.objects).hasSize(1);
    }

    @Test
    void asksInBatchesThatTheServerTakesHoweverLongTheMetadata() throws Exception {
        for (int i = 0; i < 120; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }
        Target wordy = new Target(null, null, null, Map.of("alt", "x".repeat(9000)), null);

        Tally tally = runs.upload(new Naming(wordy, null, false), null, folder);

        assertThat(tally.summary()).containsEntry("sent", 120L).containsEntry("failed", 0L);
        assertThat(server.tooLarge).as("batches that were too large").hasValue(0);
    }

    @Test
    void halvesBatchesThatAreTooLargeForTheServerAndEndsOnlyTheFileThatIs() throws Exception {
        server.mostBody = 2000;
        for (int i = 0; i < 40; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }
        Path csv = Files.writeString(
                folder.resolve("list.csv"),
                "file,alt\n" + "f000.jpg," + "x".repeat(3000) + "\n"
                        + IntStream.range(1, 40)
                                .mapToObj("f%03d.jpg,x\n"::formatted)
                                .collect(Collectors.joining()));

        Tally tally = runs.upload(true, Naming.NONE, null, new CsvFiles(csv));

        assertThat(tally.summary()).containsEntry("sent", 39L).containsEntry("failed", 1L);
        assertThat(runs.told.getFirst().status()).isEqualTo("REJECTED");
    }

    @Test
    void waitsAsLongAsAProblemInABatchAsks() throws Exception {
        long began = System.nanoTime();
        server.busyUntil = began + Duration.ofMillis(900).toNanos();

        Tally tally = runs.upload(write("a.jpg", 5), write("b.jpg", 5));

        assertThat(tally.isAllFine()).as("%s", runs.told).isTrue();
        assertThat(server.batches).as("asked, and once more after a second").hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void sendsALargeFileThatWasOnlyTouchedMeanwhile() throws Exception {
        Path large = write("film.mp4", 20 * BulkServer.PART);
        server.fault = request -> {
            if (request.startsWith("PUT /store")) {
                touch(large);
            }
            return null;
        };

        runs.upload(large);

        assertThat(runs.told).extracting(Outcome::status, Outcome::reason).containsExactly(tuple("READY", null));
    }

    @Test
    void sendsAFileAnewWhoseUploadWasAborted() throws Exception {
        Path large = write("film.mp4", 20 * BulkServer.PART);
        byte[] original = Files.readAllBytes(large);
        AtomicInteger puts = new AtomicInteger();
        server.fault = request -> {
            if (request.startsWith("PUT /store") && puts.getAndIncrement() == 0) {
                rewrite(large, new byte[20 * BulkServer.PART]);
            }
            return null;
        };
        runs.upload(large);
        assertThat(runs.told).extracting(Outcome::reason).containsExactly("changed");
        server.fault = request -> null;
        rewrite(large, original);

        runs.upload(large);
        runs.upload(large);

        assertThat(runs.told).extracting(Outcome::status).containsExactly("READY");
        assertThat(server.objects.values()).singleElement().isEqualTo(original);
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static synchronized void rewrite(Path file, byte[] content) {
        try {
            Files.write(file, content);
            Files.setLastModifiedTime(file, FileTime.fromMillis(2_000_000));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void stopsTheOtherPartsSoonWhenOneFails() throws Exception {
        Path large = write("film.mp4", 20 * BulkServer.PART);
        CountDownLatch end = new CountDownLatch(1);
        server.fault = request -> {
            if (request.matches("PUT /store/.*/3/.*")) {
                return 400;
            }
            if (request.startsWith("PUT /store")) {
                awaitQuietly(end);
            }
            return null;
        };
        try {
            runs.upload(large);
        } finally {
            end.countDown();
        }

        assertThat(runs.told).extracting(Outcome::reason).containsExactly("refused");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void givesUpAfterAFewRenewalsWhenTheStoreRefusesEveryGrant() throws Exception {
        AtomicInteger renewals = new AtomicInteger();
        server.fault = request -> {
            if (request.equals("POST /v1/uploads")) {
                renewals.incrementAndGet();
            }
            return request.startsWith("POST /store/") ? 403 : null;
        };
        for (int i = 0; i < 60; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> runs.upload(folder))
                .withMessageContaining("403");
        assertThat(runs.told).hasSizeLessThan(20);
        assertThat(renewals.get()).as("3 for each file").isLessThanOrEqualTo(3 * (runs.told.size() + 3));
    }

    @Test
    void sendsAgainWhatTheStoreCallsTooSlow() throws Exception {
        AtomicInteger count = new AtomicInteger();
        server.fault = request -> request.startsWith("POST /store/") && count.getAndIncrement() == 0 ? 400 : null;
        server.faultText = "<Error><Code>RequestTimeout</Code></Error>";

        assertThat(runs.upload(write("a.jpg", 5)).isAllFine()).isTrue();
    }

    @Test
    void readsNoEndlessAnswerOfTheStore() throws Exception {
        server.fault = request -> request.startsWith("POST /store/u0") ? 400 : null;
        server.faultText = "x".repeat(5_000_000);

        runs.upload(write("a.jpg", 5));

        assertThat(runs.told).extracting(Outcome::status).containsExactly("FAILED");
        assertThat(runs.told.getFirst().detail()).hasSizeLessThan(1000);
    }

    @Test
    void givesUpWhenTheStoreTakesNothing() throws Exception {
        server.fault = request -> request.contains("/store/") ? 503 : null;
        for (int i = 0; i < 60; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> runs.upload(folder))
                .withMessageContaining("in a row");
        assertThat(runs.told).hasSizeLessThan(60);
    }
}
