package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.testing.MemoryObjectStore;
import dev.safelight.transform.CanonicalText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KeptResultsTest {
    private static final AssetId ID = AssetId.create(Instant.EPOCH);
    private static final String KEY = "key";
    private static final byte[] RESULT = {1, 2, 3};

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final KeptResults results = new KeptResults(store, store, RenderSettings.Keep.ALL);

    private static Order order() {
        Facts.Image facts = new Facts.Image(MediaType.JPEG, 400, 300, 1, false, null, null, null, null);
        AssetVersion.Original original = new AssetVersion.Original(
                new BlobKey(Bucket.RAW, "raw/2026/01/x/photo"), "photo", MediaType.JPEG, 1, null, null);
        AssetVersion version = new AssetVersion(ID, 1, Space.PRODUCT, original, Status.READY, null, facts, List.of());
        return new Order(new Subject.Stored(version, facts), CanonicalText.read("width=300&format=jpeg"), null, false);
    }

    private int stored() throws IOException {
        List<Object> found = new ArrayList<>();
        store.list(Bucket.PROCESSED, "derived/" + ID + "/", found::addAll);
        return found.size();
    }

    @Test
    void keepsAResultUntilItIsRemoved() throws IOException {
        results.keep(order(), KEY, RESULT, () -> true);
        await().until(() -> stored() == 1);
        assertThat(results.find(order(), KEY)).hasValue(RESULT);

        results.remove(ID);

        assertThat(stored()).isZero();
        assertThat(results.find(order(), KEY)).isEmpty();
    }

    @Test
    void doesNotKeepWhatWasToBeForgottenBefore() throws IOException {
        results.keep(order(), KEY, RESULT, () -> false);
        assertThat(stored()).isZero();
    }

    @Test
    @Timeout(60)
    void leavesNothingOnItsWayWhenItsRemovalEnds() throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        AtomicBoolean current = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(1);
        store.beforePut(() -> {
            begun.countDown();
            more.await();
            return null;
        });
        results.keep(order(), KEY, RESULT, current::get);
        begun.await();
        current.set(false);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> removal = threads.submit(() -> {
                results.awaitWrites();
                results.remove(ID);
                return null;
            });
            await().during(Duration.ofMillis(200)).until(() -> !removal.isDone());
            // Nobody overtakes who waits.
            results.keep(order(), "other", RESULT, () -> true);
            more.countDown();
            removal.get();
        }
        assertThat(stored()).isZero();
        results.keep(order(), KEY, RESULT, () -> true);
        await().until(() -> stored() == 1);
    }

    /// The removal looked before the result was there.
    @Test
    void removesWhatWasToBeForgottenWhileItWasWritten() {
        AtomicInteger asked = new AtomicInteger();
        results.keep(order(), KEY, RESULT, () -> asked.getAndIncrement() == 0);
        await().until(() -> asked.get() == 2);
        await().until(() -> stored() == 0);
    }
}
