package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.cli.ApiProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkUploadTest {
    @TempDir
    Path folder = Path.of("");

    @TempDir
    Path state = Path.of("");

    private final BulkServer server;
    private final BulkRuns runs;

    BulkUploadTest() throws IOException {
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
    void tellsTheOutcomeOfEachFileInOrder() throws Exception {
        Tally tally = runs.upload(
                write("malformed.jpg", 5),
                write("good.jpg", 5),
                write("large.jpg", 5),
                write("slow.jpg", 5),
                write("table.xlsx", 5),
                folder.resolve("gone.jpg"),
                write("fine.jpg", 5));

        assertThat(runs.told)
                .extracting(Outcome::status)
                .containsExactly("REJECTED", "READY", "REJECTED", "FAILED", "REJECTED", "FAILED", "READY");
        assertThat(runs.told)
                .extracting(Outcome::reason)
                .containsExactly("refused", null, "too-large", "timeout", "unsupported", "unreadable", null);
        assertThat(runs.told)
                .extracting(Outcome::assetId)
                .containsExactly(null, "asset-of-good.jpg", null, "asset-of-slow.jpg", null, null, "asset-of-fine.jpg");
        assertThat(runs.told)
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
                .isThrownBy(() -> runs.upload(write("a.jpg", 5), write("b.jpg", 5)))
                .withMessage("on demand");
    }

    @Test
    void sendsNothingTwiceThoughThereIsNoJournal() throws Exception {
        Path[] files = {write("a.jpg", 5), write("b.jpg", 100_000), write("c.mp4", 4500)};
        runs.upload(files);
        int taken = server.bodiesTaken.get();

        Tally again = runs.upload(files);

        assertThat(server.bodiesTaken).hasValue(taken);
        assertThat(server.byKey).hasSize(3);
        assertThat(again.summary()).containsEntry("sent", 0L).containsEntry("known", 3L);
        assertThat(runs.progress).as("of files that are there").hasValue(5 + 100_000 + 4500);
    }

    @Test
    void makesAnotherUploadForOtherTargets() throws Exception {
        Path file = write("a.jpg", 5);
        runs.upload(file);
        runs.upload(new Naming(new Target("A1", null, "front", Map.of("alt", "x"), null), null, false), null, file);
        runs.upload(new Naming(new Target("A1", null, "front", Map.of("alt", "y"), null), null, false), null, file);

        assertThat(server.byKey.values())
                .extracting(upload -> upload.order.path("metadata").path("alt").asString(""))
                .containsExactlyInAnyOrder("", "x", "y");
    }

    @Test
    void skipsFilesThatDoNotMatchThePattern() throws Exception {
        Naming strict = new Naming(Target.NONE, new NamePattern("{sku}_{role}.{ext}"), false);
        runs.upload(strict, null, write("A1_front.jpg", 5), write("A1.jpg", 5));
        assertThat(runs.told).extracting(Outcome::status).containsExactly("READY", "SKIPPED");

        runs.upload(new Naming(Target.NONE, strict.pattern(), true), null, folder.resolve("A1.jpg"));
        assertThat(runs.told).extracting(Outcome::status).containsExactly("READY");
    }

    @Test
    void asksNothingOfFilesThatTheJournalKnowsAsFinished() throws Exception {
        Path[] files = {write("a.jpg", 5), write("b.jpg", 5), write("malformed.jpg", 5)};
        try (Journal journal = journal()) {
            runs.upload(Naming.NONE, journal, files);
        }
        int grants = server.batches.stream().mapToInt(Integer::intValue).sum();
        try (Journal journal = journal()) {
            Tally again = runs.upload(Naming.NONE, journal, files);
            assertThat(again.summary()).containsEntry("known", 2L).containsEntry("failed", 1L);
        }
        int later = server.batches.stream().mapToInt(Integer::intValue).sum();
        assertThat(later - grants).as("only what was never granted").isEqualTo(1);
    }

    @Test
    void uploadsAnewWhatAServerForgot() throws Exception {
        Path file = write("a.jpg", 5);
        try (Journal journal = journal()) {
            runs.upload(Naming.NONE, journal, file);
        }
        server.byId.clear();
        server.byKey.clear();
        server.objects.clear();

        try (Journal journal = journal()) {
            runs.upload(Naming.NONE, journal, file);
        }

        assertThat(server.objects).hasSize(1);
    }

    @Test
    void uploadsAnewWhatAServerForgotThoughNobodyWaitedForIt() throws Exception {
        Path file = write("slow.jpg", 5);
        for (int run = 0; run < 2; run++) {
            try (Journal journal = journal()) {
                runs.upload(false, Naming.NONE, journal, file);
            }
        }
        assertThat(server.bodiesTaken).hasValue(1);
        server.byId.clear();
        server.byKey.clear();
        server.objects.clear();

        try (Journal journal = journal()) {
            runs.upload(false, Naming.NONE, journal, file);
        }

        assertThat(server.objects).hasSize(1);
    }

    @Test
    void takesManyFilesInFewBatches() throws Exception {
        for (int i = 0; i < 700; i++) {
            write("f%03d.jpg".formatted(i), 20 + i);
        }

        Tally tally = runs.upload(folder);

        assertThat(tally.summary()).containsEntry("sent", 700L).containsEntry("failed", 0L);
        assertThat(server.objects).hasSize(700);
        assertThat(server.batches).allMatch(size -> size <= 100);
        assertThat(server.batches.size()).isLessThan(350);
        assertThat(runs.told).extracting(Outcome::file).doesNotHaveDuplicates().hasSize(700);
    }

    @Test
    void endsAgainThoughAFileIsRejectedAndNotWhileOneCanGoOn() throws Exception {
        Path[] files = {write("good.jpg", 5), write("malformed.jpg", 5), folder.resolve("gone.jpg")};
        try (Journal journal = Journal.open(state.resolve("journal.jsonl"), "server", "product", true)) {
            assertThat(journal.salt()).isNotEmpty();
            server.fault = request -> request.startsWith("POST /store") ? 400 : null;
            runs.upload(Naming.NONE, journal, files);
        }
        server.fault = request -> null;
        try (Journal journal = journal()) {
            assertThat(journal.salt()).as("while a file can go on").isNotEmpty();
            runs.upload(Naming.NONE, journal, files);
            assertThat(runs.told).extracting(Outcome::status).containsExactly("READY", "REJECTED", "FAILED");
        }
        try (Journal journal = journal()) {
            assertThat(journal.salt()).isEmpty();
        }
    }
}
