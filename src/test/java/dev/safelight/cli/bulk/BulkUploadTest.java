package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.safelight.cli.ApiClient;
import dev.safelight.cli.ApiProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BulkUploadTest {
    @TempDir
    Path folder = Path.of("");

    @TempDir
    Path state = Path.of("");

    private final BulkServer server;
    private final List<Outcome> told = new ArrayList<>();
    private final AtomicLong progress = new AtomicLong();

    BulkUploadTest() throws IOException {
        server = new BulkServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path write(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(name.hashCode()).nextBytes(content);
        return Files.write(folder.resolve(name), content);
    }

    private Tally upload(Naming naming, @Nullable Journal journal, Path... files)
            throws IOException, InterruptedException {
        return upload(true, naming, journal, files);
    }

    private Tally upload(boolean waits, Naming naming, @Nullable Journal journal, Path... files)
            throws IOException, InterruptedException {
        List<String> names = Arrays.stream(files).map(Path::toString).toList();
        return upload(waits, naming, journal, new NamedFiles(names, FileFilter.ALL));
    }

    private Tally upload(boolean waits, Naming naming, @Nullable Journal journal, Source source)
            throws IOException, InterruptedException {
        told.clear();
        progress.set(0);
        Listener listener = new Listener() {
            @Override
            public void progressed(long bytes) {
                progress.addAndGet(bytes);
            }

            @Override
            public void told(Outcome outcome) {
                told.add(outcome);
            }
        };
        try (ApiClient api = new ApiClient(server.url(), "key", 3)) {
            var settings = new BulkUpload.Settings("product", 3, 3, Duration.ZERO, waits, naming);
            return new BulkUpload(api, settings, journal, listener).run(source);
        }
    }

    private Tally upload(Path... files) throws IOException, InterruptedException {
        return upload(Naming.NONE, null, files);
    }

    private Journal journal() throws IOException {
        return Journal.open(state.resolve("journal.jsonl"), "server", "product", false);
    }

    @Test
    void tellsTheOutcomeOfEachFileInOrder() throws Exception {
        Tally tally = upload(
                write("malformed.jpg", 5),
                write("good.jpg", 5),
                write("large.jpg", 5),
                write("slow.jpg", 5),
                write("table.xlsx", 5),
                folder.resolve("gone.jpg"),
                write("fine.jpg", 5));

        assertThat(told)
                .extracting(Outcome::status)
                .containsExactly("REJECTED", "READY", "REJECTED", "FAILED", "REJECTED", "FAILED", "READY");
        assertThat(told)
                .extracting(Outcome::reason)
                .containsExactly("refused", null, "too-large", "timeout", "unsupported", "unreadable", null);
        assertThat(told)
                .extracting(Outcome::assetId)
                .containsExactly(null, "asset-of-good.jpg", null, "asset-of-slow.jpg", null, null, "asset-of-fine.jpg");
        assertThat(told)
                .filteredOn(outcome -> !outcome.isReady())
                .allSatisfy(outcome -> assertThat(outcome.detail()).isNotBlank());
        assertThat(tally.summary())
                .containsEntry("files", 7L)
                .containsEntry("failed", 5L)
                .containsEntry("sent", 2L);
    }

    @Test
    void stopsForAKeyThatIsWrongForAllFiles() {
        server.fault = request -> 401;

        assertThatExceptionOfType(ApiProblem.class)
                .isThrownBy(() -> upload(write("a.jpg", 5), write("b.jpg", 5)))
                .withMessage("on demand");
    }

    @Test
    void sendsNothingTwiceThoughThereIsNoJournal() throws Exception {
        Path[] files = {write("a.jpg", 5), write("b.jpg", 100_000), write("c.mp4", 4500)};
        upload(files);
        int taken = server.bodiesTaken.get();

        Tally again = upload(files);

        assertThat(server.bodiesTaken).hasValue(taken);
        assertThat(server.byKey).hasSize(3);
        assertThat(again.summary()).containsEntry("sent", 0L).containsEntry("known", 3L);
        assertThat(progress).as("of files that are there").hasValue(5 + 100_000 + 4500);
    }

    @Test
    void makesAnotherUploadForOtherTargets() throws Exception {
        Path file = write("a.jpg", 5);
        upload(file);
        upload(new Naming(new Target("A1", null, "front", Map.of("alt", "x"), null), null, false), null, file);
        upload(new Naming(new Target("A1", null, "front", Map.of("alt", "y"), null), null, false), null, file);

        assertThat(server.byKey.values())
                .extracting(upload -> upload.order.path("metadata").path("alt").asString(""))
                .containsExactlyInAnyOrder("", "x", "y");
    }

    @Test
    void skipsFilesThatDoNotMatchThePattern() throws Exception {
        Naming strict = new Naming(Target.NONE, new NamePattern("{sku}_{role}.{ext}"), false);
        upload(strict, null, write("A1_front.jpg", 5), write("A1.jpg", 5));
        assertThat(told).extracting(Outcome::status).containsExactly("READY", "SKIPPED");

        upload(new Naming(Target.NONE, strict.pattern(), true), null, folder.resolve("A1.jpg"));
        assertThat(told).extracting(Outcome::status).containsExactly("READY");
    }

    @Test
    void triesAgainWhatMayPass() throws Exception {
        AtomicInteger count = new AtomicInteger();
        int[] statuses = {429, 503, 408, 500};
        server.fault = request -> {
            int number = count.getAndIncrement();
            return number % 2 == 0 && number / 2 < statuses.length ? statuses[number / 2] : null;
        };

        Tally tally = upload(write("a.jpg", 100_000), write("b.jpg", 100_000));

        assertThat(tally.isAllFine()).as("%s", told).isTrue();
        assertThat(progress).hasValue(200_000);
    }

    @Test
    void failsOnlyTheFileThatTheStoreDoesNotTake() throws Exception {
        server.fault = request -> request.startsWith("POST /store/u0") ? 400 : null;

        upload(write("a.jpg", 5), write("b.jpg", 5), write("c.jpg", 5));

        assertThat(told).extracting(Outcome::status).containsOnlyOnce("FAILED");
        assertThat(told).filteredOn(Outcome::isReady).hasSize(2);
    }

    @Test
    void sendsLargeFilesInPartsAndSignsAnewWhatExpired() throws Exception {
        Path file = write("film.mp4", 25 * BulkServer.PART + 17);
        AtomicInteger refused = new AtomicInteger();
        server.fault =
                request -> request.matches("PUT /store/.*/(2|9|26)/.*") && refused.incrementAndGet() <= 4 ? 403 : null;

        Tally tally = upload(file);

        assertThat(tally.isAllFine()).as("%s", told).isTrue();
        assertThat(server.objects.values()).singleElement().isEqualTo(Files.readAllBytes(file));
        assertThat(progress).hasValue(Files.size(file));
    }

    @Test
    void goesOnWithTheMissingParts() throws Exception {
        Path file = write("film.mp4", 12 * BulkServer.PART);
        server.fault = request -> request.matches("PUT /store/.*/(5|6)/.*") ? 400 : null;
        try (Journal journal = journal()) {
            upload(Naming.NONE, journal, file);
        }
        assertThat(told).extracting(Outcome::status).containsExactly("FAILED");
        server.fault = request -> null;
        int taken = server.bodiesTaken.get();
        int there = server.parts.values().iterator().next().size();

        try (Journal journal = journal()) {
            upload(Naming.NONE, journal, file);
        }

        assertThat(told).extracting(Outcome::status).containsExactly("READY");
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

        upload(small, large);

        assertThat(told).extracting(Outcome::reason).containsExactly(null, "changed");
        assertThat(server.objects).hasSize(1);
    }

    @Test
    void asksNothingOfFilesThatTheJournalKnowsAsFinished() throws Exception {
        Path[] files = {write("a.jpg", 5), write("b.jpg", 5), write("malformed.jpg", 5)};
        try (Journal journal = journal()) {
            upload(Naming.NONE, journal, files);
        }
        int grants = server.batches.stream().mapToInt(Integer::intValue).sum();
        try (Journal journal = journal()) {
            Tally again = upload(Naming.NONE, journal, files);
            assertThat(again.summary()).containsEntry("known", 2L).containsEntry("failed", 1L);
        }
        int later = server.batches.stream().mapToInt(Integer::intValue).sum();
        assertThat(later - grants).as("only what was never granted").isEqualTo(1);
    }

    @Test
    void uploadsAnewWhatAServerForgot() throws Exception {
        Path file = write("a.jpg", 5);
        try (Journal journal = journal()) {
            upload(Naming.NONE, journal, file);
        }
        server.byId.clear();
        server.byKey.clear();
        server.objects.clear();

        try (Journal journal = journal()) {
            upload(Naming.NONE, journal, file);
        }

        assertThat(server.objects).hasSize(1);
    }

    @Test
    void uploadsAnewWhatAServerForgotThoughNobodyWaitedForIt() throws Exception {
        Path file = write("slow.jpg", 5);
        for (int run = 0; run < 2; run++) {
            try (Journal journal = journal()) {
                upload(false, Naming.NONE, journal, file);
            }
        }
        assertThat(server.bodiesTaken).hasValue(1);
        server.byId.clear();
        server.byKey.clear();
        server.objects.clear();

        try (Journal journal = journal()) {
            upload(false, Naming.NONE, journal, file);
        }

        assertThat(server.objects).hasSize(1);
    }

    @Test
    void takesManyFilesInFewBatches() throws Exception {
        for (int i = 0; i < 700; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }

        Tally tally = upload(folder);

        assertThat(tally.summary()).containsEntry("sent", 700L).containsEntry("failed", 0L);
        assertThat(server.objects).hasSize(700);
        assertThat(server.batches).allMatch(size -> size <= 100);
        assertThat(server.batches.size()).isLessThan(350);
        assertThat(told).extracting(Outcome::file).doesNotHaveDuplicates().hasSize(700);
    }

    @Test
    void asksInBatchesThatTheServerTakesHoweverLongTheMetadata() throws Exception {
        for (int i = 0; i < 120; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }
        Target wordy = new Target(null, null, null, Map.of("alt", "x".repeat(9000)), null);

        Tally tally = upload(new Naming(wordy, null, false), null, folder);

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

        Tally tally = upload(true, Naming.NONE, null, new CsvFiles(csv));

        assertThat(tally.summary()).containsEntry("sent", 39L).containsEntry("failed", 1L);
        assertThat(told.getFirst().status()).isEqualTo("REJECTED");
    }

    @Test
    void waitsAsLongAsAProblemInABatchAsks() throws Exception {
        long began = System.nanoTime();
        server.busyUntil = began + Duration.ofMillis(900).toNanos();

        Tally tally = upload(write("a.jpg", 5), write("b.jpg", 5));

        assertThat(tally.isAllFine()).as("%s", told).isTrue();
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

        upload(large);

        assertThat(told).extracting(Outcome::status, Outcome::reason).containsExactly(tuple("READY", null));
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
        upload(large);
        assertThat(told).extracting(Outcome::reason).containsExactly("changed");
        server.fault = request -> null;
        rewrite(large, original);

        upload(large);
        upload(large);

        assertThat(told).extracting(Outcome::status).containsExactly("READY");
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
            upload(large);
        } finally {
            end.countDown();
        }

        assertThat(told).extracting(Outcome::reason).containsExactly("refused");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void endsAgainThoughAFileIsRejectedAndNotWhileOneCanGoOn() throws Exception {
        Path[] files = {write("good.jpg", 5), write("malformed.jpg", 5), folder.resolve("gone.jpg")};
        try (Journal journal = Journal.open(state.resolve("journal.jsonl"), "server", "product", true)) {
            assertThat(journal.salt()).isNotEmpty();
            server.fault = request -> request.startsWith("POST /store") ? 400 : null;
            upload(Naming.NONE, journal, files);
        }
        server.fault = request -> null;
        try (Journal journal = journal()) {
            assertThat(journal.salt()).as("while a file can go on").isNotEmpty();
            upload(Naming.NONE, journal, files);
            assertThat(told).extracting(Outcome::status).containsExactly("READY", "REJECTED", "FAILED");
        }
        try (Journal journal = journal()) {
            assertThat(journal.salt()).isEmpty();
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
                .isThrownBy(() -> upload(folder))
                .withMessageContaining("403");
        assertThat(told).hasSizeLessThan(20);
        assertThat(renewals.get()).as("3 for each file").isLessThanOrEqualTo(3 * (told.size() + 3));
    }

    @Test
    void sendsAgainWhatTheStoreCallsTooSlow() throws Exception {
        AtomicInteger count = new AtomicInteger();
        server.fault = request -> request.startsWith("POST /store/") && count.getAndIncrement() == 0 ? 400 : null;
        server.faultText = "<Error><Code>RequestTimeout</Code></Error>";

        assertThat(upload(write("a.jpg", 5)).isAllFine()).isTrue();
    }

    @Test
    void readsNoEndlessAnswerOfTheStore() throws Exception {
        server.fault = request -> request.startsWith("POST /store/u0") ? 400 : null;
        server.faultText = "x".repeat(5_000_000);

        upload(write("a.jpg", 5));

        assertThat(told).extracting(Outcome::status).containsExactly("FAILED");
        assertThat(told.getFirst().detail()).hasSizeLessThan(1000);
    }

    @Test
    void givesUpWhenTheStoreTakesNothing() throws Exception {
        server.fault = request -> request.contains("/store/") ? 503 : null;
        for (int i = 0; i < 60; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> upload(folder))
                .withMessageContaining("in a row");
        assertThat(told).hasSizeLessThan(60);
    }
}
