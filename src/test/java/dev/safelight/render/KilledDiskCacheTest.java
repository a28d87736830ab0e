package dev.safelight.render;

import static dev.safelight.render.ReopenableCache.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.render.DiskCache.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a cache finds of an earlier process that was killed while others read and wrote.
class KilledDiskCacheTest {
    @TempDir
    Path temporary = Path.of("");

    private ReopenableCache disk = new ReopenableCache(Path.of(""));

    @BeforeEach
    void start() {
        disk = new ReopenableCache(temporary.resolve("cache"));
        disk.open(1 << 30, 10_000);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private Entry put(String key, Map<String, String> metadata, long begun) throws IOException {
        return disk.cache()
                .put(key, "mine", "bin", metadata, new ByteArrayInputStream(body(key)), begun)
                .orElseThrow();
    }

    private Entry put(String key, Map<String, String> metadata) throws IOException {
        return put(key, metadata, disk.cache().moment("mine"));
    }

    /// The keys that are found again; besides these, nothing is left.
    private List<String> foundAgain(String... keys) {
        try (ReopenableCache next = disk.killed(temporary.resolve("copy"))) {
            List<String> found = List.of(keys).stream().filter(next::has).toList();
            assertThat(next.bodies()).hasSameSizeAs(found);
            assertThat(next.files()).hasSize(2 * found.size());
            return found;
        }
    }

    @Test
    void findsWhatWasReadAtThatMoment() throws IOException {
        try (Entry one = put("one", Map.of());
                Entry other = put("other", Map.of("a", "b"))) {
            assertThat(foundAgain("one", "other")).containsExactly("one", "other");
            assertThat(one.path()).hasContent("one");
            assertThat(other.path()).hasContent("other");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "all", "key"})
    void findsNothingThatWasDroppedAndStillRead(String how) throws IOException {
        try (Entry one = put("one", Map.of());
                Entry other = put("other", Map.of("a", "b"))) {
            switch (how) {
                case "group" -> disk.cache().dropGroups(Set.of("mine"));
                case "all" -> disk.cache().clear();
                default -> List.of("one", "other").forEach(disk.cache()::drop);
            }
            assertThat(one.path()).hasContent("one");
            assertThat(other.bytes()).isEqualTo(body("other"));
            assertThat(foundAgain("one", "other")).isEmpty();
        }
        assertThat(disk.files()).isEmpty();
    }

    @Test
    void findsNothingThatWasBegunBeforeADropOrIsForOneAlone() throws IOException {
        long begun = disk.cache().moment("mine");
        disk.cache().dropGroups(Set.of("mine"));
        put("late", Map.of("a", "b"), begun).close();
        put("alone", Map.of("a", "b"), DiskCache.ALONE).close();
        put("alone, too", Map.of(), DiskCache.ALONE).close();

        assertThat(disk.has("alone")).isFalse();
        disk.cache().get("alone", DiskCache.ALONE).orElseThrow().close();
        assertThat(foundAgain("late", "alone", "alone, too")).isEmpty();
    }

    @Test
    void findsNothingThatWasReplaced() throws IOException {
        try (Entry old = put("key", Map.of());
                Entry fresh = put("key", Map.of())) {
            assertThat(old.path()).isNotEqualTo(fresh.path()).hasContent("key");
            assertThat(foundAgain("key")).containsExactly("key");
        }
    }

    @Test
    void findsNothingThatWasDroppedWhileItWasPut() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 300; round++) {
                String key = "key " + round;
                long begun = disk.cache().moment("mine");
                Future<Entry> put = threads.submit(() -> put(key, Map.of(), begun));
                threads.submit(() -> disk.cache().dropGroups(Set.of("mine"))).get();
                // It is held by whoever put it, so that its body is there.
                assertThat(put.get().path()).exists();
            }
        }
        assertThat(foundAgain()).isEmpty();
    }
}
