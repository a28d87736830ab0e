package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.testing.SmallDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCacheTest {
    private static final long ROOMY = 1 << 30;

    @TempDir
    Path temporary;

    private @Nullable DiskCache opened;

    private void open(long maxBytes, int maxEntries) {
        opened = DiskCache.open(folder(), maxBytes, maxEntries);
    }

    private DiskCache cache() {
        return Objects.requireNonNull(opened);
    }

    private Path folder() {
        return temporary.resolve("cache");
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private void reopen(long maxBytes, int maxEntries) {
        cache().close();
        open(maxBytes, maxEntries);
    }

    private static byte[] body(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void put(String key, byte[] body) {
        cache().put(key, "group", "bin", Map.of(), body).orElseThrow().close();
    }

    private String text(String key) {
        try (DiskCache.Entry entry = cache().get(key).orElseThrow()) {
            return Files.readString(entry.path());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path path(String key) {
        try (DiskCache.Entry entry = cache().get(key).orElseThrow()) {
            return entry.path();
        }
    }

    private boolean has(String key) {
        return cache().get(key)
                .map(entry -> {
                    entry.close();
                    return true;
                })
                .orElse(false);
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.walk(folder())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private long bytesOnDisk() {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    @Test
    void survivesARestartWithItsMetadata() throws IOException {
        open(ROOMY, 100);
        String odd = "https://host/ü?\0/../" + "x".repeat(10_000);
        Map<String, String> metadata = Map.of("type", "image/webp", "width", "640", "name", "größe");
        cache().put(odd, "group", "webp", metadata, body("picture"))
                .orElseThrow()
                .close();
        reopen(ROOMY, 100);
        try (DiskCache.Entry entry = cache().get(odd).orElseThrow()) {
            assertThat(entry.path())
                    .hasFileName(entry.path().getFileName().toString())
                    .hasExtension("webp");
            assertThat(entry.path()).hasContent("picture");
            assertThat(entry.bytes()).isEqualTo(body("picture"));
            assertThat(entry.length()).isEqualTo(7);
            assertThat(entry.metadata()).isEqualTo(metadata);
        }
        assertThat(cache().entries()).isOne();
        assertThat(cache().bytes()).isEqualTo(bytesOnDisk());
    }

    @Test
    void takesBytesStreamsAndFiles() throws IOException {
        open(ROOMY, 100);
        Path source = Files.write(temporary.resolve("source"), body("from a file"));
        put("bytes", body("from bytes"));
        cache().put("file", "group", "bin", Map.of(), source).orElseThrow().close();
        try (InputStream in = Files.newInputStream(source)) {
            cache().put("stream", "group", "bin", Map.of(), in).orElseThrow().close();
        }
        assertThat(text("bytes")).isEqualTo("from bytes");
        assertThat(text("file")).isEqualTo("from a file");
        assertThat(text("stream")).isEqualTo("from a file");
    }

    @Test
    void replacesAValueAndLeavesTheOldFileToItsReader() {
        open(ROOMY, 100);
        try (DiskCache.Entry old =
                cache().put("key", "group", "bin", Map.of(), body("old")).orElseThrow()) {
            put("key", body("new"));
            assertThat(text("key")).isEqualTo("new");
            assertThat(old.path()).hasContent("old");
            assertThat(cache().entries()).isEqualTo(2);
        }
        assertThat(files()).hasSize(1);
        assertThat(cache().entries()).isOne();
    }

    @Test
    void keepsTheNewerValueWhenAKillLeftBoth() throws IOException {
        open(ROOMY, 100);
        put("key", body("old"));
        Path old = path("key");
        byte[] bytes = Files.readAllBytes(old);
        put("key", body("newer"));
        Files.write(old, bytes);
        Files.setLastModifiedTime(old, FileTime.fromMillis(Long.MAX_VALUE / 2_000_000));
        reopen(ROOMY, 100);
        assertThat(text("key")).isEqualTo("newer");
        assertThat(files()).hasSize(1);
    }

    @Test
    void missesATruncatedFile() throws IOException {
        open(ROOMY, 100);
        put("key", body("long enough"));
        Files.write(path("key"), body("long"));
        reopen(ROOMY, 100);
        assertThat(cache().entries()).isZero();
        assertThat(has("key")).isFalse();
        assertThat(files()).isEmpty();
    }

    @Test
    void missesAFileOfZerosOrWithAFlippedByte() throws IOException {
        open(ROOMY, 100);
        put("zeros", body("long enough"));
        put("flipped", body("long enough"));
        put("good", body("long enough"));
        Files.write(path("zeros"), new byte[11]);
        Files.write(path("flipped"), body("lonG enough"));
        reopen(ROOMY, 100);
        assertThat(has("zeros")).isFalse();
        assertThat(has("flipped")).isFalse();
        assertThat(text("good")).isEqualTo("long enough");
        assertThat(files()).hasSize(1);
        assertThat(cache().bytes()).isEqualTo(11);
    }

    @Test
    void missesAnEntryWhoseMetadataIsDamagedOrGone() throws IOException {
        open(ROOMY, 100);
        for (String key : List.of("damaged", "gone")) {
            cache().put(key, "group", "bin", Map.of("width", "640"), body("body"))
                    .orElseThrow()
                    .close();
        }
        Path damaged = Path.of(path("damaged") + ".meta");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1]++;
        Files.write(damaged, bytes);
        Files.delete(Path.of(path("gone") + ".meta"));
        reopen(ROOMY, 100);
        assertThat(cache().entries()).isOne();
        assertThat(has("damaged")).isFalse();
        assertThat(has("gone")).isFalse();
        assertThat(files()).isEmpty();
    }

    @Test
    void missesAFileThatSomebodyDeletedWhileRunning() throws IOException {
        open(ROOMY, 100);
        put("key", body("body"));
        Files.delete(path("key"));
        assertThat(has("key")).isFalse();
        assertThat(cache().entries()).isZero();
        assertThat(cache().bytes()).isZero();
    }

    @Test
    void sweepsWhatAKillLeftAndNothingElse() throws IOException {
        open(ROOMY, 100);
        cache().put("key", "group", "bin", Map.of("a", "b"), body("body"))
                .orElseThrow()
                .close();
        Path sub = path("key").resolveSibling("");
        Files.write(sub.resolve("17.tmp"), body("half"));
        Files.write(sub.resolve("17.meta.tmp"), body("half"));
        Files.write(sub.resolve(path("key").getFileName().toString().replace("bin", "png") + ".meta"), body("m"));
        Files.write(sub.resolve("notes.txt"), body("somebody's"));
        reopen(ROOMY, 100);
        assertThat(text("key")).isEqualTo("body");
        assertThat(files()).hasSize(3).contains(path("key"), Path.of(path("key") + ".meta"), sub.resolve("notes.txt"));
    }

    @Test
    void isBoundedInBytesWhileRunningAndAfterAStartWithLess() {
        open(10_000, 1_000);
        byte[] body = new byte[700];
        for (int i = 0; i < 100; i++) {
            put("key " + i, body);
            assertThat(cache().bytes()).isLessThanOrEqualTo(10_000).isEqualTo(bytesOnDisk());
        }
        assertThat(cache().entries()).isEqualTo(10_000 / 700);
        reopen(3_000, 1_000);
        assertThat(cache().bytes()).isEqualTo(bytesOnDisk()).isEqualTo(2_800);
        assertThat(cache().entries()).isEqualTo(4);
    }

    @Test
    void isBoundedInEntriesWhileRunningAndAfterAStartWithLess() {
        open(ROOMY, 10);
        for (int i = 0; i < 100; i++) {
            put("key " + i, body("b"));
            assertThat(cache().entries()).isEqualTo(Math.min(i + 1, 10));
        }
        assertThat(files()).hasSize(10);
        reopen(ROOMY, 3);
        assertThat(cache().entries()).isEqualTo(3);
        assertThat(files()).hasSize(3);
    }

    @Test
    void keepsWhatIsAskedForOften() {
        open(ROOMY, 20);
        put("popular", body("b"));
        for (int i = 0; i < 500; i++) {
            put("once " + i, body("b"));
            cache().get("popular").ifPresent(DiskCache.Entry::close);
        }
        assertThat(has("popular")).isTrue();
    }

    @Test
    void keepsWhatWasUsedLastAcrossAStartWithLess() throws IOException {
        open(ROOMY, 100);
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        for (String key : List.of("one", "two", "three", "four")) {
            put(key, body(key));
            Files.setLastModifiedTime(path(key), longAgo);
        }
        reopen(ROOMY, 100);
        assertThat(has("two")).isTrue();
        reopen(ROOMY, 1);
        assertThat(text("two")).isEqualTo("two");
        assertThat(files()).hasSize(1);
    }

    @Test
    void leavesAnEvictedFileToItsReader() {
        open(1_000, 100);
        try (DiskCache.Entry held =
                cache().put("held", "group", "bin", Map.of(), new byte[900]).orElseThrow()) {
            for (int i = 0; i < 20; i++) {
                cache().put("key " + i, "group", "bin", Map.of(), new byte[90]).ifPresent(DiskCache.Entry::close);
            }
            cache().dropGroup("group");
            assertThat(has("held")).isFalse();
            assertThat(held.path()).hasSize(900);
            assertThat(cache().put("big", "group", "bin", Map.of(), new byte[101]))
                    .isEmpty();
            assertThat(cache().bytes()).isEqualTo(900);
            held.close();
            held.close();
            assertThat(held.path()).doesNotExist();
        }
        assertThat(cache().bytes()).isZero();
        put("big", new byte[101]);
    }

    @Test
    void dropsAGroupAndNoOther() {
        open(ROOMY, 100);
        for (int i = 0; i < 10; i++) {
            cache().put("even " + i, "even", "bin", Map.of("a", "b"), body("e"))
                    .orElseThrow()
                    .close();
            cache().put("odd " + i, "odd", "bin", Map.of(), body("o"))
                    .orElseThrow()
                    .close();
        }
        reopen(ROOMY, 100);
        cache().dropGroup("even");
        cache().dropGroup("nothing");
        assertThat(cache().entries()).isEqualTo(10);
        assertThat(files()).hasSize(10);
        assertThat(has("even 3")).isFalse();
        assertThat(has("odd 3")).isTrue();
    }

    @Test
    void doesNotKeepWhatIsEmptyOrLargerThanTheCache() {
        open(100, 100);
        put("small", new byte[50]);
        assertThat(cache().put("empty", "group", "bin", Map.of(), new byte[0])).isEmpty();
        assertThat(cache().put("large", "group", "bin", Map.of(), new byte[101]))
                .isEmpty();
        assertThat(has("small")).isTrue();
        assertThat(files()).hasSize(1);
    }

    @Test
    void refusesExtensionsAndMetadataThatDoNotFit() {
        open(ROOMY, 100);
        for (String extension : List.of("", "../x", "toolongext", "PNG", "a.b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> cache().put("key", "group", extension, Map.of(), body("b")));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache().put("key", "group", "bin", Map.of("a", "x".repeat(5_000)), body("b")));
        assertThat(files()).isEmpty();
    }

    @Test
    void passesOnThatASourceCannotBeReadAndLeavesNothing() {
        open(ROOMY, 100);
        InputStream broken =
                new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), new PipedInputStream());
        assertThatThrownBy(() -> cache().put("key", "group", "bin", Map.of(), broken))
                .isInstanceOf(IOException.class)
                .hasMessage("Pipe not connected");
        assertThatThrownBy(() -> cache().put("key", "group", "bin", Map.of(), temporary.resolve("absent")))
                .isInstanceOf(IOException.class);
        assertThat(files()).isEmpty();
        assertThat(cache().entries()).isZero();
    }

    @Test
    void goesOnWithoutKeepingWhenItCannotWrite() throws IOException {
        Files.createDirectories(folder());
        for (int i = 0; i < 256; i++) {
            Files.createFile(folder().resolve("%02x".formatted(i)));
        }
        open(ROOMY, 100);
        assertThat(cache().put("key", "group", "bin", Map.of(), body("body"))).isEmpty();
        assertThat(has("key")).isFalse();
        for (int i = 0; i < 256; i++) {
            Files.delete(folder().resolve("%02x".formatted(i)));
        }
        put("key", body("body"));
        assertThat(text("key")).isEqualTo("body");
    }

    @Test
    void goesOnWithoutKeepingOnAFullDisk() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(temporary.resolve("disk"), 4)) {
            try (DiskCache small = DiskCache.open(disk.folder().resolve("cache"), ROOMY, 100)) {
                byte[] body = new byte[500_000];
                small.put("early", "group", "bin", Map.of(), body).orElseThrow().close();
                disk.fill();
                assertThat(small.put("late", "group", "bin", Map.of("a", "b"), body))
                        .isEmpty();
                assertThat(small.bytes()).isEqualTo(body.length);
                try (Stream<Path> all = Files.walk(disk.folder().resolve("cache"))) {
                    assertThat(all.filter(Files::isRegularFile)).hasSize(2);
                }
                disk.free();
                small.put("late", "group", "bin", Map.of("a", "b"), body)
                        .orElseThrow()
                        .close();
            }
        }
    }

    @Test
    void sharesItsFolderWithNobody() {
        open(ROOMY, 100);
        assertThatThrownBy(() -> DiskCache.open(folder(), ROOMY, 100))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(folder().toString())
                .hasMessageContaining("used by another process");
        reopen(ROOMY, 100);
    }

    @Test
    void saysWhenItsFolderCannotBeMade() throws IOException {
        Files.createFile(folder());
        assertThatThrownBy(() -> DiskCache.open(folder(), ROOMY, 100))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot be written to");
    }

    @Test
    void givesEveryReaderAWholeFileHoweverManyPutAndEvict() throws Exception {
        open(20_000, 40);
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
        assertThat(cache().bytes()).isLessThanOrEqualTo(20_000).isEqualTo(bytesOnDisk());
        assertThat(cache().entries()).isLessThanOrEqualTo(40).isPositive();
        int before = cache().entries();
        reopen(20_000, 40);
        assertThat(cache().entries()).isEqualTo(before);
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
                case 0 -> cache().dropGroup("group " + number % 7);
                case 1, 2, 3, 4, 5, 6, 7, 8 -> {
                    var entry = cache().put(key, "group " + number % 7, "bin", Map.of(), expected);
                    if (entry.isPresent()) {
                        try (DiskCache.Entry held = entry.get()) {
                            assertThat(Files.readAllBytes(held.path())).isEqualTo(expected);
                        }
                    }
                }
                default -> {
                    var entry = cache().get(key);
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

    @Test
    void reopensTwentyThousandEntries() {
        open(ROOMY, 30_000);
        for (int i = 0; i < 20_000; i++) {
            put("key " + i, body("body " + i));
        }
        long bytes = cache().bytes();
        reopen(ROOMY, 30_000);
        assertThat(cache().entries()).isEqualTo(20_000);
        assertThat(cache().bytes()).isEqualTo(bytes);
        assertThat(text("key 0")).isEqualTo("body 0");
        assertThat(text("key 19999")).isEqualTo("body 19999");
    }
}
