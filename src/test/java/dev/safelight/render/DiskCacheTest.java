package dev.safelight.render;

import static dev.safelight.render.ReopenableCache.body;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCacheTest {
    private static final long ROOMY = 1 << 30;

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
    void survivesARestartWithItsMetadata() throws IOException {
        disk.open(ROOMY, 100);
        String odd = "https://host/ü?\0/../" + "x".repeat(10_000);
        Map<String, String> metadata = Map.of("type", "image/webp", "width", "640", "name", "größe");
        disk.cache()
                .put(odd, "group", "webp", metadata, body("picture"))
                .orElseThrow()
                .close();
        disk.reopen(ROOMY, 100);
        try (DiskCache.Entry entry = disk.cache().get(odd).orElseThrow()) {
            assertThat(entry.path())
                    .hasFileName(entry.path().getFileName().toString())
                    .hasExtension("webp");
            assertThat(entry.path()).hasContent("picture");
            assertThat(entry.bytes()).isEqualTo(body("picture"));
            assertThat(entry.length()).isEqualTo(7);
            assertThat(entry.metadata()).isEqualTo(metadata);
        }
        assertThat(disk.cache().entries()).isOne();
        assertThat(disk.cache().bytes()).isEqualTo(disk.bytesOnDisk());
    }

    @Test
    void takesBytesStreamsAndFiles() throws IOException {
        disk.open(ROOMY, 100);
        Path source = Files.write(temporary.resolve("source"), body("from a file"));
        disk.put("bytes", body("from bytes"));
        disk.cache().put("file", "group", "bin", Map.of(), source).orElseThrow().close();
        try (InputStream in = Files.newInputStream(source)) {
            disk.cache()
                    .put("stream", "group", "bin", Map.of(), in)
                    .orElseThrow()
                    .close();
        }
        assertThat(disk.text("bytes")).isEqualTo("from bytes");
        assertThat(disk.text("file")).isEqualTo("from a file");
        assertThat(disk.text("stream")).isEqualTo("from a file");
    }

    @Test
    void replacesAValueAndLeavesTheOldFileToItsReader() {
        disk.open(ROOMY, 100);
        try (DiskCache.Entry old =
                disk.cache().put("key", "group", "bin", Map.of(), body("old")).orElseThrow()) {
            disk.put("key", body("new"));
            assertThat(disk.text("key")).isEqualTo("new");
            assertThat(old.path()).hasContent("old");
            assertThat(disk.cache().entries()).isEqualTo(2);
        }
        assertThat(disk.bodies()).hasSize(1);
        assertThat(disk.cache().entries()).isOne();
    }

    @Test
    void keepsTheNewerValueWhenAKillLeftBoth() throws IOException {
        disk.open(ROOMY, 100);
        disk.put("key", body("old"));
        Path old = disk.path("key");
        byte[] bytes = Files.readAllBytes(old);
        disk.put("key", body("newer"));
        Files.write(old, bytes);
        Files.createFile(Path.of(old + ".meta"));
        Files.setLastModifiedTime(old, FileTime.fromMillis(Long.MAX_VALUE / 2_000_000));
        disk.reopen(ROOMY, 100);
        assertThat(disk.text("key")).isEqualTo("newer");
        assertThat(disk.bodies()).hasSize(1);
    }

    @Test
    void missesATruncatedFile() throws IOException {
        disk.open(ROOMY, 100);
        disk.put("key", body("long enough"));
        Files.write(disk.path("key"), body("long"));
        disk.reopen(ROOMY, 100);
        assertThat(disk.cache().entries()).isZero();
        assertThat(disk.has("key")).isFalse();
        assertThat(disk.files()).isEmpty();
    }

    @Test
    void missesAFileOfZerosOrWithAFlippedByte() throws IOException {
        disk.open(ROOMY, 100);
        disk.put("zeros", body("long enough"));
        disk.put("flipped", body("long enough"));
        disk.put("good", body("long enough"));
        Files.write(disk.path("zeros"), new byte[11]);
        Files.write(disk.path("flipped"), body("lonG enough"));
        disk.reopen(ROOMY, 100);
        assertThat(disk.has("zeros")).isFalse();
        assertThat(disk.has("flipped")).isFalse();
        assertThat(disk.text("good")).isEqualTo("long enough");
        assertThat(disk.bodies()).hasSize(1);
        assertThat(disk.cache().bytes()).isEqualTo(11);
    }

    @Test
    void missesAnEntryWhoseMetadataIsDamagedOrGone() throws IOException {
        disk.open(ROOMY, 100);
        for (String key : List.of("damaged", "gone")) {
            disk.cache()
                    .put(key, "group", "bin", Map.of("width", "640"), body("body"))
                    .orElseThrow()
                    .close();
        }
        Path damaged = Path.of(disk.path("damaged") + ".meta");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1]++;
        Files.write(damaged, bytes);
        Files.delete(Path.of(disk.path("gone") + ".meta"));
        disk.reopen(ROOMY, 100);
        assertThat(disk.cache().entries()).isOne();
        assertThat(disk.has("damaged")).isFalse();
        assertThat(disk.has("gone")).isFalse();
        assertThat(disk.files()).isEmpty();
    }

    @Test
    void missesAFileThatSomebodyDeletedWhileRunning() throws IOException {
        disk.open(ROOMY, 100);
        disk.put("key", body("body"));
        Files.delete(disk.path("key"));
        assertThat(disk.has("key")).isFalse();
        assertThat(disk.cache().entries()).isZero();
        assertThat(disk.cache().bytes()).isZero();
    }

    @Test
    void sweepsWhatAKillLeftAndNothingElse() throws IOException {
        disk.open(ROOMY, 100);
        disk.cache()
                .put("key", "group", "bin", Map.of("a", "b"), body("body"))
                .orElseThrow()
                .close();
        Path sub = disk.path("key").resolveSibling("");
        Files.write(sub.resolve("17.tmp"), body("half"));
        Files.write(sub.resolve("17.meta.tmp"), body("half"));
        Files.write(sub.resolve(disk.path("key").getFileName().toString().replace("bin", "png") + ".meta"), body("m"));
        Files.write(sub.resolve("notes.txt"), body("somebody's"));
        disk.reopen(ROOMY, 100);
        assertThat(disk.text("key")).isEqualTo("body");
        assertThat(disk.files())
                .hasSize(3)
                .contains(disk.path("key"), Path.of(disk.path("key") + ".meta"), sub.resolve("notes.txt"));
    }

    @Test
    void makesFoldersAgainThatSomebodyRemoved() throws IOException {
        disk.open(ROOMY, 100);
        disk.put("key", body("before"));
        Path file = disk.path("key");
        Files.delete(file);
        Files.delete(Path.of(file + ".meta"));
        Files.delete(file.resolveSibling(""));
        assertThat(disk.has("key")).isFalse();
        disk.put("key", body("after"));
        assertThat(disk.text("key")).isEqualTo("after");
    }

    @Test
    void isBoundedInBytesWhileRunningAndAfterAStartWithLess() {
        disk.open(10_000, 1_000);
        byte[] body = new byte[700];
        for (int i = 0; i < 100; i++) {
            disk.put("key " + i, body);
            assertThat(disk.cache().bytes()).isLessThanOrEqualTo(10_000).isEqualTo(disk.bytesOnDisk());
        }
        assertThat(disk.cache().entries()).isEqualTo(10_000 / 700);
        disk.reopen(3_000, 1_000);
        assertThat(disk.cache().bytes()).isEqualTo(disk.bytesOnDisk()).isEqualTo(2_800);
        assertThat(disk.cache().entries()).isEqualTo(4);
    }

    @Test
    void isBoundedInEntriesWhileRunningAndAfterAStartWithLess() {
        disk.open(ROOMY, 10);
        for (int i = 0; i < 100; i++) {
            disk.put("key " + i, body("b"));
            assertThat(disk.cache().entries()).isEqualTo(Math.min(i + 1, 10));
        }
        assertThat(disk.bodies()).hasSize(10);
        disk.reopen(ROOMY, 3);
        assertThat(disk.cache().entries()).isEqualTo(3);
        assertThat(disk.bodies()).hasSize(3);
    }

    @Test
    void keepsWhatIsAskedForOften() {
        disk.open(ROOMY, 20);
        disk.put("popular", body("b"));
        for (int i = 0; i < 500; i++) {
            disk.put("once " + i, body("b"));
            disk.cache().get("popular").ifPresent(DiskCache.Entry::close);
        }
        assertThat(disk.has("popular")).isTrue();
    }

    @Test
    void keepsWhatWasUsedLastAcrossAStartWithLess() throws IOException {
        disk.open(ROOMY, 100);
        FileTime longAgo = FileTime.fromMillis(1_000_000);
        for (String key : List.of("one", "two", "three", "four")) {
            disk.put(key, body(key));
            Files.setLastModifiedTime(disk.path(key), longAgo);
        }
        disk.reopen(ROOMY, 100);
        assertThat(disk.has("two")).isTrue();
        disk.reopen(ROOMY, 1);
        assertThat(disk.text("two")).isEqualTo("two");
        assertThat(disk.bodies()).hasSize(1);
    }

    @Test
    void leavesAnEvictedFileToItsReader() {
        disk.open(1_000, 100);
        try (DiskCache.Entry held = disk.cache()
                .put("held", "group", "bin", Map.of(), new byte[900])
                .orElseThrow()) {
            for (int i = 0; i < 20; i++) {
                disk.cache()
                        .put("key " + i, "group", "bin", Map.of(), new byte[90])
                        .ifPresent(DiskCache.Entry::close);
            }
            disk.cache().dropGroups(Set.of("group"));
            assertThat(disk.has("held")).isFalse();
            assertThat(held.path()).hasSize(900);
            assertThat(disk.cache().put("big", "group", "bin", Map.of(), new byte[101]))
                    .isEmpty();
            assertThat(disk.cache().bytes()).isEqualTo(900);
            held.close();
            held.close();
            assertThat(held.path()).doesNotExist();
        }
        assertThat(disk.cache().bytes()).isZero();
        disk.put("big", new byte[101]);
    }

    @Test
    void doesNotKeepWhatIsEmptyOrLargerThanTheCache() {
        disk.open(100, 100);
        disk.put("small", new byte[50]);
        assertThat(disk.cache().put("empty", "group", "bin", Map.of(), new byte[0]))
                .isEmpty();
        assertThat(disk.cache().put("large", "group", "bin", Map.of(), new byte[101]))
                .isEmpty();
        assertThat(disk.has("small")).isTrue();
        assertThat(disk.bodies()).hasSize(1);
    }

    @Test
    void refusesExtensionsAndMetadataThatDoNotFit() {
        disk.open(ROOMY, 100);
        for (String extension : List.of("", "../x", "toolongext", "PNG", "a.b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> disk.cache().put("key", "group", extension, Map.of(), body("b")));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> disk.cache().put("key", "group", "bin", Map.of("a", "x".repeat(5_000)), body("b")));
        assertThat(disk.files()).isEmpty();
    }

    @Test
    void passesOnThatASourceCannotBeReadAndLeavesNothing() {
        disk.open(ROOMY, 100);
        InputStream broken =
                new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), new PipedInputStream());
        assertThatThrownBy(() -> disk.cache().put("key", "group", "bin", Map.of(), broken))
                .isInstanceOf(IOException.class)
                .hasMessage("Pipe not connected");
        assertThatThrownBy(() -> disk.cache().put("key", "group", "bin", Map.of(), temporary.resolve("absent")))
                .isInstanceOf(IOException.class);
        assertThat(disk.files()).isEmpty();
        assertThat(disk.cache().entries()).isZero();
    }

    @Test
    void goesOnWithoutKeepingWhenItCannotWrite() throws IOException {
        Files.createDirectories(disk.folder());
        for (int i = 0; i < 256; i++) {
            Files.createFile(disk.folder().resolve("%02x".formatted(i)));
        }
        disk.open(ROOMY, 100);
        assertThat(disk.cache().put("key", "group", "bin", Map.of(), body("body")))
                .isEmpty();
        assertThat(disk.has("key")).isFalse();
        for (int i = 0; i < 256; i++) {
            Files.delete(disk.folder().resolve("%02x".formatted(i)));
        }
        disk.put("key", body("body"));
        assertThat(disk.text("key")).isEqualTo("body");
    }

    @Test
    void goesOnWithoutKeepingOnAFullDisk() throws IOException {
        try (SmallDisk full = SmallDisk.mount(temporary.resolve("disk"), 4)) {
            try (DiskCache small = DiskCache.open(full.folder().resolve("cache"), ROOMY, 100)) {
                byte[] body = new byte[500_000];
                small.put("early", "group", "bin", Map.of(), body).orElseThrow().close();
                full.fill();
                assertThat(small.put("late", "group", "bin", Map.of("a", "b"), body))
                        .isEmpty();
                assertThat(small.bytes()).isEqualTo(body.length);
                try (Stream<Path> all = Files.walk(full.folder().resolve("cache"))) {
                    // The lock, and the files of the early one.
                    assertThat(all.filter(Files::isRegularFile)).hasSize(3);
                }
                full.free();
                small.put("late", "group", "bin", Map.of("a", "b"), body)
                        .orElseThrow()
                        .close();
            }
        }
    }

    @Test
    void sharesItsFolderWithNobody() {
        disk.open(ROOMY, 100);
        assertThatThrownBy(() -> DiskCache.open(disk.folder(), ROOMY, 100))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(disk.folder().toString())
                .hasMessageContaining("used by another process");
        disk.reopen(ROOMY, 100);
    }

    @Test
    void saysWhenItsFolderCannotBeMade() throws IOException {
        Files.createFile(disk.folder());
        assertThatThrownBy(() -> DiskCache.open(disk.folder(), ROOMY, 100))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot be written to");
    }

    @Test
    void reopensTwentyThousandEntries() {
        disk.open(ROOMY, 30_000);
        for (int i = 0; i < 20_000; i++) {
            disk.put("key " + i, body("body " + i));
        }
        long bytes = disk.cache().bytes();
        disk.reopen(ROOMY, 30_000);
        assertThat(disk.cache().entries()).isEqualTo(20_000);
        assertThat(disk.cache().bytes()).isEqualTo(bytes);
        assertThat(disk.text("key 0")).isEqualTo("body 0");
        assertThat(disk.text("key 19999")).isEqualTo("body 19999");
    }
}
