package dev.safelight.render;

import static dev.safelight.render.ReopenableCache.body;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Values that are dropped by their group, also while they are being made.
class DroppedGroupsTest {
    private static final long ROOMY = 1 << 30;

    @TempDir
    Path temporary = Path.of("");

    private ReopenableCache disk = new ReopenableCache(Path.of(""));

    @BeforeEach
    void start() {
        disk = new ReopenableCache(temporary.resolve("cache"));
        disk.open(ROOMY, 10_000);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private void put(String key, String group) {
        disk.cache()
                .put(key, group, "bin", Map.of("a", "b"), body(key))
                .orElseThrow()
                .close();
    }

    private void put(String key, String group, long begun) throws IOException {
        disk.cache()
                .put(key, group, "bin", Map.of(), new ByteArrayInputStream(body(key)), begun)
                .orElseThrow()
                .close();
    }

    private boolean hasFor(long begun, String key) {
        return disk.cache()
                .get(key, begun)
                .map(entry -> {
                    entry.close();
                    return true;
                })
                .orElse(false);
    }

    @Test
    void dropsSomeGroupsAndNoOther() {
        for (int i = 0; i < 30; i++) {
            put("key " + i, "group " + i % 3);
        }
        disk.reopen(ROOMY, 10_000);
        disk.cache().dropGroups(Set.of("group 0", "group 2", "nothing"));
        disk.cache().dropGroups(Set.of());
        assertThat(disk.cache().entries()).isEqualTo(10);
        assertThat(disk.bodies()).hasSize(10);
        assertThat(disk.has("key 3")).isFalse();
        assertThat(disk.has("key 5")).isFalse();
        assertThat(disk.has("key 4")).isTrue();
    }

    @Test
    void showsWhatWasBegunBeforeADropToThoseAloneWhoBeganItThen() throws IOException {
        long begun = disk.cache().moment("mine");
        disk.cache().dropGroups(Set.of("other", "mine"));
        long after = disk.cache().moment("mine");

        put("key", "mine", begun);

        assertThat(after).isNotEqualTo(begun);
        assertThat(disk.has("key")).isFalse();
        assertThat(hasFor(after, "key")).isFalse();
        assertThat(hasFor(begun, "key")).isTrue();
        put("key", "mine", after);
        assertThat(disk.has("key")).isTrue();
        assertThat(hasFor(begun, "key")).isTrue();
        disk.cache().drop("key");
        assertThat(disk.files()).isEmpty();
    }

    @Test
    void keepsWhatIsMadeWhileOthersAreDropped() throws IOException {
        long begun = disk.cache().moment("mine");
        disk.cache().dropGroups(Set.of("other"));
        put("key", "mine", begun);
        assertThat(disk.has("key")).isTrue();

        disk.cache().clear();
        put("key", "mine", begun);
        assertThat(disk.has("key")).isFalse();
    }

    @Test
    void takesAllForDroppedWhereItCannotTellGroupsApartAnyMore() throws IOException {
        disk.cache().dropGroups(Set.of("mine"));
        long begun = disk.cache().moment("mine");
        disk.cache()
                .dropGroups(
                        IntStream.range(0, 30_000).mapToObj(i -> "group " + i).collect(Collectors.toSet()));
        put("key", "mine", begun);
        assertThat(disk.has("key")).isFalse();
        put("key", "mine", disk.cache().moment("mine"));
        assertThat(disk.has("key")).isTrue();
    }

    /// Whatever is found after a drop has ended was begun after that drop had begun.
    @Test
    void keepsNothingThatIsOlderThanADropHoweverTheyRace() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 300; round++) {
                String key = "key " + round;
                long begun = disk.cache().moment("mine");
                List<Future<?>> all = new ArrayList<>();
                all.add(threads.submit(() -> {
                    put(key, "mine", begun);
                    return null;
                }));
                all.add(threads.submit(() -> disk.cache().dropGroups(Set.of("mine"))));
                for (Future<?> one : all) {
                    one.get();
                }
                assertThat(disk.has(key)).as(key).isFalse();
            }
        }
    }
}
