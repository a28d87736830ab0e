package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many users of one small cache at once.
class CrowdedDiskCacheTest {
    @TempDir
    Path temporary;

    private ReopenableCache disk;

    @BeforeEach
    void start() {
        disk = new ReopenableCache(temporary.resolve("cache"));
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void givesEveryReaderAWholeFileHoweverManyPutAndEvict() throws Exception {
        disk.open(20_000, 40);
        List<Callable<Integer>> users = IntStream.range(0, 32)
                .mapToObj(seed -> (Callable<Integer>) () -> use(new Random(seed)))
                .toList();
        int hits = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> user : threads.invokeAll(users)) {
                hits += user.get();
            }
        }
        assertThat(hits).isPositive();
        assertThat(disk.cache().bytes()).isLessThanOrEqualTo(20_000).isEqualTo(disk.bytesOnDisk());
        assertThat(disk.cache().entries()).isLessThanOrEqualTo(40).isPositive();
        int before = disk.cache().entries();
        disk.reopen(20_000, 40);
        assertThat(disk.cache().entries()).isEqualTo(before);
    }

    /// A body is its number, many times; the length depends on the number too.
    private int use(Random random) throws IOException {
        int hits = 0;
        for (int i = 0; i < 200; i++) {
            int number = random.nextInt(60);
            byte[] expected = new byte[300 + 10 * number];
            Arrays.fill(expected, (byte) number);
            String key = "key " + number;
            switch (random.nextInt(20)) {
                case 0 -> disk.cache().dropGroups(Set.of("group " + number % 7, "another"));
                case 1, 2, 3, 4, 5, 6, 7, 8 -> {
                    var entry = disk.cache().put(key, "group " + number % 7, "bin", Map.of(), expected);
                    if (entry.isPresent()) {
                        try (DiskCache.Entry held = entry.get()) {
                            assertThat(Files.readAllBytes(held.path())).isEqualTo(expected);
                        }
                    }
                }
                default -> {
                    var entry = disk.cache().get(key);
                    if (entry.isPresent()) {
                        try (DiskCache.Entry held = entry.get()) {
                            assertThat(Files.readAllBytes(held.path())).isEqualTo(expected);
                            hits++;
                        }
                    }
                }
            }
        }
        return hits;
    }
}
