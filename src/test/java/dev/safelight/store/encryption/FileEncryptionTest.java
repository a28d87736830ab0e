package dev.safelight.store.encryption;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/// That a file gives back exactly the bytes that went into it, or none.
class FileEncryptionTest {
    /// More than two segments.
    private static final int LARGEST = 140_000;

    private static final FileEncryption ENCRYPTION =
            new FileEncryption(EncryptionKeys.parse("k1:" + "5a".repeat(32), "test"));

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeProperty
    void createFolder() throws IOException {
        folder = Files.createTempDirectory(Path.of("target"), "encryption");
    }

    @AfterProperty
    void removeFolder() throws IOException {
        Files.deleteIfExists(folder);
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /// Written in pieces, as a body arrives.
    private Path write(byte[] bytes) throws IOException {
        Path file = folder.resolve("object");
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE);
                var target = ENCRYPTION.writer(file, channel, "raw/a")) {
            for (int at = 0; at < bytes.length; at += 10_000) {
                ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(10_000, bytes.length - at));
                while (piece.hasRemaining()) {
                    target.write(piece);
                }
            }
        }
        return file;
    }

    private static byte[] read(Path file, String name) throws IOException {
        try (StoredBytes stored = ENCRYPTION.open(file, name);
                InputStream stream = stored.stream()) {
            return stream.readAllBytes();
        }
    }

    @Property(tries = 100)
    void givesBackAnyRangeOfAnySize(
            @ForAll @IntRange(max = LARGEST) int size, @ForAll @IntRange(max = LARGEST) int a, @ForAll int b)
            throws IOException {
        byte[] bytes = bytes(size);
        Path file = write(bytes);
        int first = Math.min(a, size);
        int count = Math.floorMod(b, size - first + 1);
        assertThat(FileEncryption.plainSize(file)).isEqualTo(size);
        try (StoredBytes stored = ENCRYPTION.open(file, "raw/a");
                InputStream stream = stored.stream(first, count)) {
            assertThat(stored.size()).isEqualTo(size);
            assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, first, first + count));
        }
        assertThat(read(file, "raw/a")).isEqualTo(bytes);
        Files.delete(file);
    }

    @Property(tries = 300)
    void noticesEveryBitThatFlips(
            @ForAll @IntRange(max = 70_000) int size,
            @ForAll @IntRange(max = Integer.MAX_VALUE - 1) int place,
            @ForAll boolean early,
            @ForAll @IntRange(max = 7) int bit)
            throws IOException {
        Path file = write(bytes(size));
        byte[] content = Files.readAllBytes(file);
        content[place % (early ? 130 : content.length) % content.length] ^= (byte) (1 << bit);
        Files.write(file, content);
        assertThatExceptionOfType(UnreadableFile.class).isThrownBy(() -> read(file, "raw/a"));
        Files.delete(file);
    }

    @Property(tries = 150)
    void noticesEveryTruncationAndExtension(
            @ForAll @IntRange(max = LARGEST) int size,
            @ForAll @IntRange(max = Integer.MAX_VALUE - 1) int place,
            @ForAll boolean extend)
            throws IOException {
        Path file = write(bytes(size));
        byte[] content = Files.readAllBytes(file);
        int length = extend ? content.length + 1 + place % 70_000 : place % content.length;
        Files.write(file, Arrays.copyOf(content, length));
        assertThatExceptionOfType(UnreadableFile.class).isThrownBy(() -> read(file, "raw/a"));
        Files.delete(file);
    }

    /// At the boundaries of segments nothing but their numbers tells that one is missing or another one came.
    @Property(tries = 20)
    void noticesSegmentsThatAreCutOffOrExchanged(@ForAll boolean cut) throws IOException {
        Path file = write(bytes(LARGEST));
        byte[] content = Files.readAllBytes(file);
        int segment = 64 << 10;
        if (cut) {
            content = Arrays.copyOf(content, 2 * segment);
        } else {
            byte[] second = Arrays.copyOfRange(content, segment, 2 * segment);
            System.arraycopy(content, 104, content, segment + 104, segment - 104);
            System.arraycopy(second, 104, content, 104, segment - 104);
        }
        Files.write(file, content);
        assertThatExceptionOfType(UnreadableFile.class).isThrownBy(() -> read(file, "raw/a"));
        Files.delete(file);
    }

    @Property(tries = 10)
    void opensUnderItsOwnNameAndKeyOnly(@ForAll @IntRange(max = 1000) int size) throws IOException {
        Path file = write(bytes(size));
        assertThatExceptionOfType(UnreadableFile.class)
                .isThrownBy(() -> read(file, "raw/b"))
                .withMessageContaining("raw/b")
                .withMessageContaining("'k1'");
        assertThatExceptionOfType(UnreadableFile.class)
                .isThrownBy(() ->
                        new FileEncryption(EncryptionKeys.parse("k1:" + "5b".repeat(32), "test")).open(file, "raw/a"));
        assertThatExceptionOfType(UnreadableFile.class)
                .isThrownBy(() -> new FileEncryption(EncryptionKeys.none()).open(file, "raw/a"))
                .withMessageContaining("there is no key 'k1'");
        Files.delete(file);
    }
}
