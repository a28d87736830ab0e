package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.safelight.cli.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final String SERVER = "http://localhost:8080";
    private static final FileState STATE = new FileState(5, 7);

    @TempDir
    Path folder = Path.of("");

    private Path file() {
        return folder.resolve("journal.jsonl");
    }

    private Journal open() throws IOException {
        return Journal.open(file(), SERVER, "product", false);
    }

    private static Order order(String name, Target target) {
        return new Order(0, Path.of("/photos", name), STATE, "image/jpeg", "ab12", null, target, "product", "");
    }

    private static void write(Journal journal, String name, String status) throws IOException {
        journal.write(
                order(name, Target.NONE),
                Json.LINE.valueToTree(Map.of("uploadId", "u-" + name, "assetId", "ä-" + name)),
                status);
    }

    private static @Nullable String status(Journal journal, String name) {
        return journal.find(Path.of("/photos", name), STATE, Target.NONE)
                .map(Journal.Entry::status)
                .orElse(null);
    }

    @Test
    void knowsTheLastStateOfEachFile() throws IOException {
        try (Journal journal = open()) {
            write(journal, "a.jpg", Journal.GRANTED);
            write(journal, "a.jpg", Journal.SENT);
            write(journal, "b.jpg", "READY");
        }
        try (Journal journal = open()) {
            assertThat(status(journal, "a.jpg")).isEqualTo(Journal.SENT);
            assertThat(status(journal, "b.jpg")).isEqualTo("READY");
            assertThat(status(journal, "c.jpg")).isNull();
            assertThat(journal.someFinished(true, 10)).containsExactly("u-b.jpg");
        }
    }

    @Test
    void doesNotKnowAFileThatChangedOrIsToBecomeSomethingElse() throws IOException {
        try (Journal journal = open()) {
            write(journal, "a.jpg", "READY");
        }
        try (Journal journal = open()) {
            Path photo = Path.of("/photos/a.jpg");
            Target other = new Target("A1", null, null, Map.of(), null);
            assertThat(journal.find(photo, STATE, Target.NONE)).isPresent();
            assertThat(journal.find(photo, new FileState(6, 7), Target.NONE)).isEmpty();
            assertThat(journal.find(photo, new FileState(5, 8), Target.NONE)).isEmpty();
            assertThat(journal.find(photo, STATE, other)).isEmpty();
        }
    }

    /// Whatever was written when the process was killed, at any byte: whole lines count, and the next run goes on.
    @Test
    void goesOnFromWhereverItWasCutOff() throws IOException {
        String[] names = {"a.jpg", "b.jpg", "ü.jpg"};
        try (Journal journal = open()) {
            for (String name : names) {
                write(journal, name, "READY");
            }
        }
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            long lines = new String(whole, 0, length, StandardCharsets.UTF_8)
                            .chars()
                            .filter(letter -> letter == '\n')
                            .count()
                    - 1;
            try (Journal journal = open()) {
                for (int i = 0; i < names.length; i++) {
                    assertThat(status(journal, names[i]))
                            .as("%s of %d bytes", names[i], length)
                            .isEqualTo(i < lines ? "READY" : null);
                }
                write(journal, "new.jpg", "READY");
            }
            try (Journal journal = open()) {
                assertThat(status(journal, "new.jpg"))
                        .as("after %d bytes", length)
                        .isEqualTo("READY");
                assertThat(status(journal, "a.jpg")).isEqualTo(lines > 0 ? "READY" : null);
            }
        }
    }

    @Test
    void namesAsFinishedWhateverARunWouldBelieve() throws IOException {
        try (Journal journal = open()) {
            for (String status : new String[] {"GRANTED", "SENT", "RECEIVED", "PROCESSING", "READY", "REJECTED"}) {
                write(journal, status, status);
            }
        }
        try (Journal journal = open()) {
            assertThat(journal.someFinished(true, 10)).containsExactlyInAnyOrder("u-READY", "u-REJECTED");
            assertThat(journal.someFinished(false, 10))
                    .containsExactlyInAnyOrder("u-SENT", "u-RECEIVED", "u-PROCESSING", "u-READY", "u-REJECTED");
        }
    }

    @Test
    void passesOverLinesThatMakeNoSense() throws IOException {
        try (Journal journal = open()) {
            write(journal, "a.jpg", "READY");
        }
        Files.writeString(file(), Files.readString(file()) + "\0\0\0garbage\n[1]\n{}\n");
        try (Journal journal = open()) {
            assertThat(status(journal, "a.jpg")).isEqualTo("READY");
        }
    }

    @Test
    void refusesTheJournalOfAnotherServerOrSpace() throws IOException {
        open().close();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Journal.open(file(), "http://elsewhere", "product", false))
                .withMessageContaining(SERVER)
                .withMessageContaining("http://elsewhere");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Journal.open(file(), SERVER, "user", false))
                .withMessageContaining("\"user\"");
        open().close();
    }

    @Test
    void leavesAFileAloneThatIsNoJournal() throws IOException {
        for (String other : new String[] {"{\"a\":1}\n", "\u00ff\u00d8 a picture", "{\"safelightJournal\":1,oops}\n"}) {
            Files.writeString(file(), other);
            assertThatIllegalArgumentException().isThrownBy(this::open).withMessageContaining("is no journal");
            assertThat(file()).hasContent(other);
        }
    }

    /// A run that was killed while it began anew has left the old journal, and perhaps part of the next one.
    @Test
    void isWholeUntilTheNextOneIs() throws IOException {
        try (Journal journal = open()) {
            write(journal, "a.jpg", "READY");
        }
        Path next = Files.writeString(folder.resolve("journal.jsonl.new"), "{\"safelightJour");

        try (Journal journal = open()) {
            assertThat(status(journal, "a.jpg")).isEqualTo("READY");
        }
        try (Journal journal = Journal.open(file(), SERVER, "product", true)) {
            assertThat(status(journal, "a.jpg")).isNull();
            write(journal, "b.jpg", "READY");
            assertThatIllegalArgumentException().isThrownBy(this::open).withMessageContaining("another upload");
        }
        assertThat(next).doesNotExist();
        try (Journal journal = open()) {
            assertThat(status(journal, "b.jpg")).isEqualTo("READY");
        }
    }

    @Test
    void neverReplacesWhatIsNoFile() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));

        assertThatIllegalArgumentException().isThrownBy(() -> Journal.open(link, SERVER, "product", true));
        assertThat(link).isSymbolicLink();
    }

    @Test
    void isUsedByOneRunAtATime() throws IOException {
        try (Journal journal = open()) {
            assertThatIllegalArgumentException().isThrownBy(this::open).withMessageContaining("another upload");
            write(journal, "a.jpg", "READY");
        }
        try (Journal journal = open()) {
            assertThat(status(journal, "a.jpg")).isEqualTo("READY");
        }
    }

    @Test
    void beginsAnewWithOtherKeysUntilThatIsFinished() throws IOException {
        try (Journal journal = open()) {
            write(journal, "a.jpg", "READY");
            assertThat(journal.salt()).isEmpty();
        }
        String salt;
        try (Journal journal = Journal.open(file(), SERVER, "product", true)) {
            salt = journal.salt();
            assertThat(salt).isNotEmpty();
            assertThat(status(journal, "a.jpg")).isNull();
            write(journal, "b.jpg", "READY");
        }
        try (Journal journal = open()) {
            assertThat(journal.salt()).as("of a run that was cut off").isEqualTo(salt);
            journal.finish();
        }
        try (Journal journal = open()) {
            assertThat(journal.salt()).isEmpty();
            assertThat(status(journal, "b.jpg")).isEqualTo("READY");
        }
    }
}
