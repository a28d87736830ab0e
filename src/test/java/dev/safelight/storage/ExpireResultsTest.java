package dev.safelight.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Expiry by Safelight, in the buckets and the database of a whole server.
class ExpireResultsTest {
    private final TestServer server = TestServer.shared();
    private final ObjectStore worker = server.bean("workerStore", ObjectStore.class);
    private final BucketWalks walks = server.bean(BucketWalks.class);
    private final String name = UUID.randomUUID().toString();

    @BeforeEach
    void beginAnew() {
        server.bean(JdbcClient.class).sql("delete from bucket_walk").update();
    }

    private BlobKey stored(Bucket bucket, String key) throws IOException {
        BlobKey address = new BlobKey(bucket, key.replace("NAME", name));
        worker.put(address, new Content.Bytes(new byte[] {1, 2, 3}), ObjectHeaders.ofType("image/webp"));
        return address;
    }

    private void run(Duration later) throws IOException {
        new ExpireResults(
                        walks,
                        worker,
                        server.bean(StorageSettings.class),
                        "embedded",
                        InstantSource.offset(InstantSource.system(), later))
                .run();
    }

    @Test
    void removesExpiredResultsOfAllSpacesAndNothingElse() throws Exception {
        List<BlobKey> derived = List.of(
                stored(Bucket.PROCESSED, "derived/NAME/v1/a.webp"),
                stored(Bucket.USER, "derived/NAME/v1/a.webp"),
                stored(Bucket.MARKETING, "derived/NAME/v1/a.webp"));
        BlobKey variant = stored(Bucket.PROCESSED, "processed/image/NAME/v1/small-320w.webp");

        run(Duration.ofDays(29));
        for (BlobKey key : derived) {
            assertThat(worker.head(key)).as("not yet").isPresent();
        }
        run(Duration.ofDays(31));

        for (BlobKey key : derived) {
            assertThat(worker.head(key)).isEmpty();
        }
        assertThat(worker.head(variant)).isPresent();
        worker.delete(variant);
    }

    @Test
    void goesOnWhereItWasAndPausesAtTheEnd() throws Exception {
        Bucket bucket = Bucket.USER;
        String prefix = "walk/" + name + "/";
        for (int i = 0; i < 5; i++) {
            stored(bucket, "walk/NAME/" + i);
        }
        SmallPages pages = new SmallPages(worker, 1);
        String walk = "test-" + name;
        List<String> seen = new ArrayList<>();
        Instant now = Instant.now();
        int rounds = 0;
        boolean ended = false;
        while (!ended && rounds < 10) {
            rounds++;
            // As if each round were cut off by a kill after its first pages.
            pages.left = 2;
            try {
                ended = walks.round(
                                walk,
                                pages,
                                bucket,
                                prefix,
                                Duration.ofHours(1),
                                now,
                                page -> page.forEach(one -> seen.add(one.key().key())))
                        .isPresent();
            } catch (IOException cut) {
                assertThat(cut).hasMessage("cut off");
            }
        }

        assertThat(ended).isTrue();
        assertThat(rounds).isGreaterThan(1);
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
        pages.left = 10;
        assertThat(walks.round(walk, pages, bucket, prefix, Duration.ofHours(1), now.plusSeconds(60), page -> {}))
                .as("it pauses")
                .isEmpty();
        assertThat(pages.left).isEqualTo(10);
        assertThat(walks.round(walk, pages, bucket, prefix, Duration.ofHours(1), now.plusSeconds(3601), page -> {}))
                .isPresent();
        for (int i = 0; i < 5; i++) {
            worker.delete(new BlobKey(bucket, prefix + i));
        }
    }
}
