package dev.safelight.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read from a backup came from a disk that anybody may have written to.
class ManifestPropertyTest {
    private static final String HASH = "0".repeat(64);
    private static final ObjectEntry ENTRY =
            new ObjectEntry("raw", "raw/a.jpg", 3, HASH, Instant.EPOCH, Map.of("user.etag", "YWJj"));
    private static final Manifest MANIFEST = new Manifest(
            Manifest.FORMAT,
            "1",
            "5",
            Instant.EPOCH,
            1,
            3,
            List.of(new Manifest.Table("public", "asset", List.of("id"), 1)),
            List.of(new Manifest.Sequence("public", "job_run_id_seq", 1, true)),
            List.of(
                    new Manifest.Part("objects.jsonl", 1, HASH),
                    new Manifest.Part("secrets/store-keys.properties", 1, HASH),
                    new Manifest.Part("database/public.asset.copy", 1, HASH)),
            List.of(),
            0);

    @Test
    void readsWhatItWrote() {
        assertThat(Manifest.parse(MANIFEST.text())).isEqualTo(MANIFEST);
        assertThat(ObjectEntry.parse(ENTRY.line())).isEqualTo(ENTRY);
    }

    @Property
    void refusesOrReadsAnyText(@ForAll String text) {
        refusedOrRead(text);
    }

    @Property
    void refusesOrReadsAnythingCutOrChanged(
            @ForAll @IntRange(max = 1200) int at, @ForAll char replacement, @ForAll boolean cut) {
        for (String whole : List.of(MANIFEST.text(), ENTRY.line())) {
            int place = at % whole.length();
            refusedOrRead(whole.substring(0, place) + (cut ? "" : replacement + whole.substring(place + 1)));
        }
    }

    private static void refusedOrRead(String text) {
        try {
            Manifest.parse(text);
        } catch (Failure refused) {
            assertThat(refused.kind()).isIn(Failure.Kind.UNREADABLE, Failure.Kind.UNSUPPORTED);
        }
        try {
            assertThat(ObjectEntry.parse(text).path()).doesNotContain("..");
        } catch (Failure refused) {
            assertThat(refused.kind()).isEqualTo(Failure.Kind.INVALID);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/cron.d/x", "/etc/passwd", "a/../b", "", "a//b", "a\\u0000b"})
    void refusesAKeyThatLeadsElsewhere(String key) {
        assertThatThrownBy(() -> ObjectEntry.parse(ENTRY.line().replace("raw/a.jpg", key)))
                .isInstanceOf(Failure.class);
    }

    @Test
    void refusesABucketThatIsNone() {
        assertThatThrownBy(() -> ObjectEntry.parse(ENTRY.line().replace("\"raw\"", "\"parts\"")))
                .isInstanceOf(Failure.class);
    }

    @Test
    void refusesAPathOutOfTheBackup() {
        assertThatThrownBy(() -> Manifest.parse(MANIFEST.text().replace("objects.jsonl", "../objects.jsonl")))
                .isInstanceOf(Failure.class);
    }

    @Test
    void refusesATableWithoutItsHash() {
        assertThatThrownBy(() -> Manifest.parse(MANIFEST.text().replace("\"asset\"", "\"asset2\"")))
                .isInstanceOf(Failure.class);
    }

    @Test
    void saysWhenALaterVersionMadeIt() {
        assertThatThrownBy(() -> Manifest.parse("{\"format\":2,\"somethingNew\":true}"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNSUPPORTED))
                .hasMessageContaining("format 2");
    }
}
