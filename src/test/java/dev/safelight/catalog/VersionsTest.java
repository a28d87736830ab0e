package dev.safelight.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How versions of an asset are added and which of them is delivered, against a real database.
class VersionsTest {
    private final Catalog catalog = TestServer.shared().bean(Catalog.class);
    private final UUID owner = TestServer.shared()
            .bean(ApiKeys.class)
            .create("owner", Set.of(Role.UPLOADER))
            .id();

    private static AssetVersion.Original original() {
        return original(UUID.randomUUID().toString());
    }

    private static AssetVersion.Original original(String key) {
        return new AssetVersion.Original(
                new BlobKey(Bucket.RAW, "raw/2026/01/" + key + "/a.jpg"), "a.jpg", MediaType.JPEG, 10_000, null, null);
    }

    private AssetVersion added(Space space) {
        return added(space, original());
    }

    private AssetVersion added(Space space, AssetVersion.Original original) {
        AssetVersion first = new AssetVersion(
                AssetId.create(Instant.now()), 1, space, original, Status.PENDING, null, null, List.of());
        catalog.add(first, owner, Map.of());
        return first;
    }

    private AssetVersion published(Space space) {
        AssetVersion first = added(space);
        catalog.publish(first);
        return first;
    }

    private AssetVersion publishedNext(AssetVersion asset) {
        AssetVersion next = catalog.addVersion(asset.id(), original());
        catalog.publish(next);
        return next;
    }

    private void approve(AssetVersion version) {
        catalog.moderate(version.id(), version.version(), Moderation.APPROVED, null);
    }

    private static VersionId id(AssetVersion version) {
        return new VersionId(version.id(), version.version());
    }

    private CatalogEntry current(AssetVersion asset) {
        return catalog.findCurrent(asset.id()).orElseThrow();
    }

    /// The number of the version that may be delivered, or 0.
    private int delivered(AssetVersion asset) {
        CatalogEntry entry = current(asset);
        return entry.isDeliverable() ? entry.version().version() : 0;
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (Callable<T> task : tasks) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void numbersVersionsThatAreAddedAtOnceOneAfterTheOther() throws Exception {
        AssetVersion first = added(Space.PRODUCT);

        List<Integer> numbers = atOnce(IntStream.range(0, 8)
                .<Callable<Integer>>mapToObj(
                        i -> () -> catalog.addVersion(first.id(), original()).version())
                .toList());

        assertThat(numbers).containsExactlyInAnyOrder(2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(catalog.versions(first.id(), null, 3))
                .extracting(entry -> entry.version().version())
                .containsExactly(9, 8, 7);
        assertThat(catalog.versions(first.id(), 3, 10))
                .extracting(entry -> entry.version().version())
                .containsExactly(2, 1);
        assertThat(current(first).versions()).isEqualTo(9);
    }

    @Test
    void addsNoVersionToAnAssetThatThereIsNot() {
        assertThatThrownBy(() -> catalog.addVersion(AssetId.create(Instant.now()), original()))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_FOUND));
    }

    @Test
    void keepsWhatWasAgreedOnWithAVersion() {
        ContentLimits limits = new ContentLimits(12L, Duration.ofMillis(1500));
        AssetVersion.Original bare = original();
        AssetVersion first = added(
                Space.PRODUCT,
                new AssetVersion.Original(bare.key(), "a.jpg", MediaType.JPEG, bare.bytes(), null, null, limits));

        AssetVersion next = catalog.addVersion(first.id(), original());

        assertThat(catalog.find(first.id(), 1)
                        .orElseThrow()
                        .version()
                        .original()
                        .limits())
                .isEqualTo(limits);
        assertThat(catalog.find(next.id(), 2).orElseThrow().version()).isEqualTo(next);
        assertThat(next.space()).isEqualTo(Space.PRODUCT);
    }

    @Test
    void deliversTheOldVersionUntilTheNewOneIsReady() {
        AssetVersion first = published(Space.PRODUCT);
        AssetVersion second = catalog.addVersion(first.id(), original());
        assertThat(delivered(first)).isEqualTo(1);

        catalog.publish(second);

        assertThat(delivered(first)).isEqualTo(2);
        assertThat(catalog.find(first.id(), 1).orElseThrow().isCurrent()).isFalse();
    }

    @Test
    void deliversTheOldVersionWhenTheNewOneIsRefused() {
        AssetVersion first = published(Space.PRODUCT);
        AssetVersion second = catalog.addVersion(first.id(), original());

        catalog.end(second.id(), 2, Status.REJECTED, new Rejection(Reason.CORRUPT, "It is damaged."));

        assertThat(delivered(first)).isEqualTo(1);
    }

    @Test
    void staysWithTheNewerVersionWhenTheOlderOneIsReadyLater() {
        AssetVersion first = published(Space.PRODUCT);
        AssetVersion second = catalog.addVersion(first.id(), original());
        AssetVersion third = catalog.addVersion(first.id(), original());

        catalog.publish(third);
        catalog.publish(second);

        assertThat(delivered(first)).isEqualTo(3);
        assertThat(catalog.find(first.id(), 2).orElseThrow().version().status()).isEqualTo(Status.READY);
    }

    @Test
    void deliversTheNewestOfThoseThatAreReadyAtOnce() throws Exception {
        for (int round = 0; round < 10; round++) {
            AssetVersion first = published(Space.PRODUCT);
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int number = 2; number <= 5; number++) {
                AssetVersion next = catalog.addVersion(first.id(), original());
                all.add(() -> {
                    catalog.publish(next);
                    return true;
                });
            }

            atOnce(all.reversed());

            assertThat(delivered(first)).isEqualTo(5);
        }
    }

    @Test
    void deliversANewVersionOfAUserOnceItIsApproved() {
        AssetVersion first = published(Space.USER);
        approve(first);
        AssetVersion second = publishedNext(first);
        assertThat(delivered(first)).isEqualTo(1);
        assertThat(catalog.awaitingApproval(first.id())).containsExactly(2);

        approve(second);

        assertThat(delivered(first)).isEqualTo(2);
        assertThat(catalog.awaitingApproval(first.id())).isEmpty();
    }

    @Test
    void approvesNothingThatNobodyCanHaveSeen() {
        AssetVersion first = published(Space.USER);
        approve(first);
        AssetVersion second = catalog.addVersion(first.id(), original());

        assertThatThrownBy(() -> approve(second))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("version 2 is PENDING");
        catalog.publish(second);
        assertThat(delivered(first)).isEqualTo(1);

        approve(second);
        assertThat(delivered(first)).isEqualTo(2);
    }

    private boolean isApproved(AssetVersion version) {
        try {
            approve(version);
            return true;
        } catch (Failure tooEarly) {
            return false;
        }
    }

    @Test
    void deliversWhatIsApprovedInTheMomentItBecomesReady() throws Exception {
        for (int round = 0; round < 10; round++) {
            AssetVersion first = published(Space.USER);
            approve(first);
            AssetVersion second = catalog.addVersion(first.id(), original());

            atOnce(List.of(
                    () -> {
                        catalog.publish(second);
                        return true;
                    },
                    () -> {
                        await().until(() -> isApproved(second));
                        return true;
                    }));

            assertThat(delivered(first)).isEqualTo(2);
        }
    }

    @Test
    void showsTheVersionToDecideOnWhileNothingIsDelivered() {
        AssetVersion first = published(Space.USER);
        assertThat(current(first).isCurrent()).isFalse();

        catalog.addVersion(first.id(), original());

        assertThat(current(first).version().version()).isEqualTo(1);
        AssetFilter ready = new AssetFilter(Set.of(), Set.of(Space.USER), owner, Status.READY);
        assertThat(catalog.list(ready, null, 10))
                .extracting(entry -> id(entry.version()))
                .containsExactly(new VersionId(first.id(), 1));
    }

    @Test
    void putsNoOlderVersionInThePlaceOfARejectedOne() {
        AssetVersion first = published(Space.PRODUCT);
        AssetVersion second = publishedNext(first);

        catalog.moderate(second.id(), 2, Moderation.REJECTED, "wrong product");

        assertThat(delivered(first)).isZero();
        assertThat(current(first).version().version()).isEqualTo(2);
        approve(first);
        assertThat(delivered(first)).isZero();
        publishedNext(first);
        assertThat(delivered(first)).isEqualTo(3);
    }

    @Test
    void staysWithTheChosenVersionUntilTheNextUpload() {
        AssetVersion first = published(Space.PRODUCT);
        publishedNext(first);
        AssetVersion third = catalog.addVersion(first.id(), original());

        catalog.makeCurrent(id(first));
        assertThat(delivered(first)).isEqualTo(1);
        catalog.publish(third);
        assertThat(delivered(first)).isEqualTo(1);
        approve(third);
        assertThat(delivered(first)).isEqualTo(1);
        publishedNext(first);

        assertThat(delivered(first)).isEqualTo(4);
    }

    @Test
    void goesForwardToAVersionThatWasPassedOver() {
        AssetVersion first = published(Space.PRODUCT);
        AssetVersion second = publishedNext(first);
        catalog.makeCurrent(id(first));

        catalog.makeCurrent(id(second));

        assertThat(delivered(first)).isEqualTo(2);
    }

    @Test
    void deliversAnUploadThatFollowsAForgottenOneThatWasPassedOver() {
        AssetVersion first = published(Space.PRODUCT);
        AssetVersion second = catalog.addVersion(first.id(), original());
        catalog.makeCurrent(id(first));
        catalog.forget(id(second));

        AssetVersion third = publishedNext(first);

        assertThat(third.version()).isEqualTo(3);
        assertThat(delivered(first)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PENDING", "REJECTED", "FAILED"})
    void choosesNoVersionThatIsNotReady(Status status) {
        AssetVersion first = published(Space.PRODUCT);
        AssetVersion second = catalog.addVersion(first.id(), original());
        if (status.isFinal()) {
            catalog.end(first.id(), 2, status, new Rejection(Reason.CORRUPT, "It is damaged."));
        }

        assertThatThrownBy(() -> catalog.makeCurrent(id(second)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT))
                .hasMessageContaining("version 2 is " + status + " and approved");
        assertThat(delivered(first)).isEqualTo(1);
    }

    @Test
    void choosesNoVersionThatIsNotApproved() {
        AssetVersion first = published(Space.USER);

        assertThatThrownBy(() -> catalog.makeCurrent(id(first))).hasMessageContaining("version 1 is READY and pending");
        assertThatThrownBy(() -> catalog.makeCurrent(new VersionId(first.id(), 7)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_FOUND));
    }

    @Test
    void forgetsOneVersionAndTheAssetWithTheLast() {
        AssetVersion first = added(Space.PRODUCT);
        AssetVersion second = catalog.addVersion(first.id(), original());

        catalog.forget(id(first));
        assertThat(catalog.find(first.id(), 1)).isEmpty();
        assertThat(catalog.find(first.id(), 2)).isPresent();
        catalog.forget(id(second));

        assertThat(catalog.findCurrent(first.id())).isEmpty();
        assertThatThrownBy(() -> catalog.addVersion(first.id(), original())).isInstanceOf(Failure.class);
    }

    @Test
    void doesNotForgetWhatWasReceived() {
        AssetVersion first = published(Space.PRODUCT);

        catalog.forget(id(first));

        assertThat(delivered(first)).isEqualTo(1);
    }

    @Test
    void findsTheVersionThatBroughtAnOriginalAmongThoseThatShareIt() {
        AssetVersion older = published(Space.PRODUCT);
        AssetVersion.Original shared = original();
        AssetVersion brought = added(Space.PRODUCT, shared);
        catalog.publish(brought);
        catalog.publish(catalog.addVersion(older.id(), shared));
        String key = shared.key().key();

        assertThat(catalog.findByOriginal(key).orElseThrow().version().id()).isEqualTo(brought.id());
        catalog.moderate(brought.id(), 1, Moderation.REJECTED, null);

        assertThat(catalog.findByOriginal(key).orElseThrow().isDeliverable()).isFalse();
        assertThat(delivered(older)).isEqualTo(2);
    }
}
