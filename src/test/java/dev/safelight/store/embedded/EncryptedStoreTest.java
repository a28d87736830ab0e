package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.ByteRange;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.StoredObject;
import dev.safelight.store.encryption.EncryptionKeys;
import dev.safelight.store.encryption.FileEncryption;
import dev.safelight.testing.CapturedLog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the embedded store keeps on disk when it encrypts, and what becomes of damage and lost keys.
class EncryptedStoreTest {
    private static final String OLD = "old:" + "ab".repeat(32);
    private static final String NEW = "new:" + "cd".repeat(32);

    static final EncryptionKeys KEYS = keys(OLD);

    private static final int LARGE = 300_000;

    @TempDir
    Path folder;

    static EncryptionKeys keys(String... entries) {
        return EncryptionKeys.parse(String.join("\n", entries), "test");
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static BlobKey variant(String name) {
        return new BlobKey(Bucket.PROCESSED, "variants/" + name);
    }

    private Path file(BlobKey key) {
        return folder.resolve("objects").resolve(key.bucket().text()).resolve(key.key());
    }

    private static byte[] read(StoreFixture fixture, BlobKey key, @Nullable ByteRange range) throws IOException {
        try (var open = fixture.worker.open(key, range, null).orElseThrow()) {
            return open.stream().readAllBytes();
        }
    }

    @Test
    void noByteOfAnObjectIsOnTheDiskAsItWasSent() throws Exception {
        byte[] secret =
                "a sentence that nobody else may ever read ".repeat(9000).getBytes(UTF_8);
        try (StoreFixture fixture = new StoreFixture(folder, KEYS)) {
            fixture.worker.put(variant("chunked"), new Content.Bytes(secret), ObjectHeaders.ofType("text/plain"));
            fixture.worker.put(
                    variant("whole"),
                    new Content.Bytes("a sentence".getBytes(UTF_8)),
                    ObjectHeaders.ofType("text/plain"));
            assertThat(fixture.form("raw/a/form.jpg", secret)
                            .send(HttpClient.newHttpClient())
                            .statusCode())
                    .isEqualTo(201);
            for (String name : fixture.files()) {
                assertThat(new String(
                                Files.readAllBytes(folder.resolve("objects").resolve(name)), UTF_8))
                        .as(name)
                        .doesNotContain("sentence");
            }
            assertThat(fixture.files()).hasSize(3);
            assertThat(read(fixture, variant("chunked"), null)).isEqualTo(secret);
            assertThat(read(fixture, StoreFixture.raw("raw/a/form.jpg"), new ByteRange(100_000, 200_000)))
                    .isEqualTo(Arrays.copyOfRange(secret, 100_000, 200_001));
        }
    }

    @Test
    void listsTheLengthsThatWereSent() throws Exception {
        try (StoreFixture fixture = new StoreFixture(folder, KEYS)) {
            for (int length : List.of(0, 1, 65_000, LARGE)) {
                fixture.worker.put(
                        variant("n" + length), new Content.Bytes(bytes(length)), ObjectHeaders.ofType("image/png"));
                assertThat(fixture.worker
                                .head(variant("n" + length))
                                .orElseThrow()
                                .bytes())
                        .isEqualTo(length);
            }
            List<StoredObject> listed = new ArrayList<>();
            fixture.worker.list(Bucket.PROCESSED, "", listed::addAll);
            assertThat(listed)
                    .allSatisfy(object -> assertThat(object.key().key()).endsWith("n" + object.bytes()));
            assertThat(listed).hasSize(4);
        }
    }

    @Test
    void plainObjectsAndThoseOfFormerKeysStayReadable() throws Exception {
        BlobKey plain = variant("plain");
        BlobKey old = variant("old");
        try (StoreFixture fixture = new StoreFixture(folder)) {
            fixture.worker.put(plain, new Content.Bytes(bytes(LARGE)), ObjectHeaders.ofType("image/png"));
        }
        try (StoreFixture fixture = new StoreFixture(folder, KEYS)) {
            fixture.worker.put(old, new Content.Bytes(bytes(LARGE)), ObjectHeaders.ofType("image/png"));
        }
        try (StoreFixture fixture = new StoreFixture(folder, keys(NEW, OLD))) {
            BlobKey fresh = variant("new");
            fixture.worker.put(fresh, new Content.Bytes(bytes(LARGE)), ObjectHeaders.ofType("image/png"));
            for (BlobKey key : List.of(plain, old, fresh)) {
                assertThat(read(fixture, key, null)).isEqualTo(bytes(LARGE));
            }
            FileEncryption files = new FileEncryption(EncryptionKeys.none());
            assertThat(files.keyOf(file(plain), "plain")).isEmpty();
            assertThat(files.keyOf(file(old), "old")).contains("old");
            assertThat(files.keyOf(file(fresh), "new")).contains("new");
        }
    }

    @Test
    void refusesToStartWithoutAKeyOrWithAnotherOneOfItsName() throws Exception {
        try (StoreFixture fixture = new StoreFixture(folder, KEYS)) {
            fixture.worker.put(variant("a"), new Content.Bytes(bytes(10)), ObjectHeaders.ofType("image/png"));
        }
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new StoreFixture(folder).close())
                .withMessageContaining("'old'")
                .withMessageContaining("safelight.embedded.encryption.key-file");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new StoreFixture(folder, keys(NEW)).close())
                .withMessageContaining("'old'");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new StoreFixture(folder, keys("old:" + "ef".repeat(32))).close())
                .withMessageContaining("another one");
    }

    @Test
    void damageIsAnErrorOfTheStoreAndNamedInItsLog() throws Exception {
        BlobKey key = variant("damaged");
        try (StoreFixture fixture = new StoreFixture(folder, KEYS);
                CapturedLog log = new CapturedLog()) {
            fixture.worker.put(key, new Content.Bytes(bytes(LARGE)), ObjectHeaders.ofType("image/png"));
            try (RandomAccessFile file = new RandomAccessFile(file(key).toFile(), "rw")) {
                file.setLength(file.length() - 1);
            }
            unreadable(() -> read(fixture, key, null));
            unreadable(() -> fixture.worker.head(key));
            assertThat(log.text()).contains("processed/variants/damaged").contains("'old'");
        }
    }

    private static void unreadable(ThrowingCallable reading) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(reading)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNREADABLE));
    }

    @Test
    void aLostKeyIsNoOutageAndToldInOneLine() throws Exception {
        BlobKey key = variant("lost");
        try (StoreFixture fixture = new StoreFixture(folder, KEYS)) {
            fixture.worker.put(key, new Content.Bytes(bytes(100)), ObjectHeaders.ofType("image/png"));
        }
        Files.delete(folder.resolve("encryption.properties"));
        try (StoreFixture fixture = new StoreFixture(folder, keys(NEW));
                CapturedLog log = new CapturedLog()) {
            unreadable(() -> read(fixture, key, null));
            assertThat(log.text().lines().filter(line -> !line.isBlank()))
                    .singleElement()
                    .asString()
                    .contains("processed/variants/lost cannot be decrypted: there is no key 'old'");
            unreadable(() -> fixture.worker.head(key));
        }
    }

    @Test
    void damageInTheMiddleEndsTheBytesBeforeIt() throws Exception {
        BlobKey key = variant("middle");
        try (StoreFixture fixture = new StoreFixture(folder, KEYS)) {
            fixture.worker.put(key, new Content.Bytes(bytes(LARGE)), ObjectHeaders.ofType("image/png"));
            try (RandomAccessFile file = new RandomAccessFile(file(key).toFile(), "rw")) {
                file.seek(150_000);
                int one = file.read();
                file.seek(150_000);
                file.write(one ^ 1);
            }
            assertThatThrownBy(() -> read(fixture, key, null)).isInstanceOf(IOException.class);
            unreadable(() -> read(fixture, key, new ByteRange(150_000, 150_001)));
            assertThat(read(fixture, key, new ByteRange(0, 1000)))
                    .isEqualTo(java.util.Arrays.copyOf(bytes(LARGE), 1001));
        }
    }

    @Test
    void theFileOfAnotherObjectIsNotDelivered() throws Exception {
        try (StoreFixture fixture = new StoreFixture(folder, KEYS)) {
            for (String name : List.of("one", "two")) {
                fixture.worker.put(variant(name), new Content.Bytes(bytes(100)), ObjectHeaders.ofType("image/png"));
            }
            Path parked = file(variant("parked"));
            Files.move(file(variant("one")), parked);
            Files.move(file(variant("two")), file(variant("one")));
            Files.move(parked, file(variant("two")));
            for (String name : List.of("one", "two")) {
                unreadable(() -> read(fixture, variant(name), null));
            }
        }
    }

    @Test
    void aPlainStoreRefusesBytesThatItWouldTakeForEncrypted() throws Exception {
        byte[] encrypted;
        try (StoreFixture fixture = new StoreFixture(folder.resolve("a"), KEYS)) {
            fixture.worker.put(variant("x"), new Content.Bytes(bytes(100)), ObjectHeaders.ofType("image/png"));
            encrypted = Files.readAllBytes(folder.resolve("a/objects/processed/variants/x"));
        }
        try (StoreFixture fixture = new StoreFixture(folder.resolve("b"))) {
            var form = fixture.form("raw/" + UUID.randomUUID() + "/x.jpg", encrypted);
            var answer = form.send(HttpClient.newHttpClient());
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("begin like an encrypted file");
        }
        try (StoreFixture fixture = new StoreFixture(folder.resolve("a"), KEYS)) {
            fixture.worker.put(variant("y"), new Content.Bytes(encrypted), ObjectHeaders.ofType("image/png"));
            assertThat(read(fixture, variant("y"), null)).isEqualTo(encrypted);
        }
    }
}
