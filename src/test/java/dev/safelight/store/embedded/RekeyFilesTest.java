package dev.safelight.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.StoredObject;
import dev.safelight.store.encryption.EncryptionKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store with a plain object and one of a former key, and what becomes of them.
class RekeyFilesTest {
    private static final String OLD = "old:" + "ab".repeat(32);
    private static final String NEW = "new:" + "cd".repeat(32);
    private static final BlobKey PLAIN = new BlobKey(Bucket.PROCESSED, "variants/plain");
    private static final BlobKey FORMER = new BlobKey(Bucket.PROCESSED, "variants/former");
    private static final ObjectHeaders HEADERS = new ObjectHeaders("image/webp", "max-age=7");

    @TempDir
    Path folder;

    private final byte[] bytes = new byte[200_000];
    private List<StoredObject> before;

    @BeforeEach
    void fill() throws IOException {
        new Random(1).nextBytes(bytes);
        try (StoreFixture fixture = new StoreFixture(folder)) {
            fixture.worker.put(PLAIN, new Content.Bytes(bytes), HEADERS);
        }
        try (StoreFixture fixture = new StoreFixture(folder, keys(OLD))) {
            fixture.worker.put(FORMER, new Content.Bytes(bytes), HEADERS);
            before = facts(fixture);
        }
    }

    private static EncryptionKeys keys(String... entries) {
        return EncryptionKeys.parse(String.join(",", entries), "test");
    }

    private static List<StoredObject> facts(StoreFixture fixture) throws IOException {
        List<StoredObject> facts = new ArrayList<>();
        for (BlobKey key : List.of(PLAIN, FORMER)) {
            facts.add(fixture.worker.head(key).orElseThrow());
        }
        return facts;
    }

    private RekeyFiles.Outcome rekey(EncryptionKeys keys, List<String> failed) throws IOException {
        return RekeyFiles.open(folder, keys).run(new RekeyFiles.Listener() {
            @Override
            public void done(long bytes) {}

            @Override
            public void failed(String name, String why) {
                failed.add(name);
            }
        });
    }

    @Test
    void bringsAllToOneKeyAndLeavesTheRestAsItWas() throws Exception {
        assertThat(RekeyFiles.count(folder).files()).isEqualTo(Map.of("none", 1L, "old", 1L));

        assertThat(rekey(keys(NEW, OLD), new ArrayList<>())).isEqualTo(new RekeyFiles.Outcome(2, 0));
        assertThat(RekeyFiles.count(folder).files()).isEqualTo(Map.of("new", 2L));
        assertThat(rekey(keys(NEW, OLD), new ArrayList<>())).isEqualTo(new RekeyFiles.Outcome(0, 0));

        try (StoreFixture fixture = new StoreFixture(folder, keys(NEW))) {
            assertThat(facts(fixture)).isEqualTo(before);
            for (BlobKey key : List.of(PLAIN, FORMER)) {
                try (var open = fixture.worker.open(key, null, null).orElseThrow()) {
                    assertThat(open.stream().readAllBytes()).isEqualTo(bytes);
                }
            }
        }
    }

    @Test
    void makesAllPlainAgain() throws Exception {
        assertThat(rekey(keys(OLD).writingWith("none", "test"), new ArrayList<>())
                        .changed())
                .isEqualTo(1);
        assertThat(Files.readAllBytes(folder.resolve("objects/processed/variants/former")))
                .isEqualTo(bytes);
        try (StoreFixture fixture = new StoreFixture(folder)) {
            assertThat(facts(fixture)).isEqualTo(before);
        }
    }

    @Test
    void leavesWhatIsDamagedAndKeepsTheKeyThatItNeeds() throws Exception {
        for (String name : List.of("plain", "former")) {
            Path file = folder.resolve("objects/processed/variants").resolve(name);
            byte[] content = Files.readAllBytes(file);
            content[1000] ^= 1;
            Files.write(file, content);
        }
        List<String> failed = new ArrayList<>();
        assertThat(rekey(keys(NEW, OLD), failed)).isEqualTo(new RekeyFiles.Outcome(0, 2));
        assertThat(failed).containsExactlyInAnyOrder("processed/variants/plain", "processed/variants/former");
        assertThat(RekeyFiles.count(folder).files()).isEqualTo(Map.of("none", 1L, "old", 1L));
        assertThat(dev.safelight.store.encryption.KeyLedger.open(folder).ids()).containsExactly("new", "old");
    }
}
