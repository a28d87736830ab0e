package dev.safelight.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A second node beside that of the shared server, on the same database.
class NodePurgesTest {
    private static final AssetId ASSET =
            AssetId.parse("0199d3a4-5b6c-7d8e-9f00-112233445566").orElseThrow();

    private static final AssetId OTHER =
            AssetId.parse("0199d3a4-5b6c-7d8e-9f00-112233445577").orElseThrow();

    private final TestServer server = TestServer.shared();
    private final JdbcClient sql = server.bean(JdbcClient.class);
    private final List<NodePurges> started = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    /// Notes what it is told.
    private static final class Noted implements OwnCaches {
        private final List<String> told = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean failing;
        private volatile boolean broken;
        private volatile @Nullable AssetId stuck;

        @Override
        public void forget(Set<AssetId> assets) throws IOException {
            told.add("forget " + assets.size());
            AssetId refused = stuck;
            if (failing || (refused != null && assets.contains(refused))) {
                throw new IOException("the bucket is away");
            }
        }

        @Override
        public void forgetAll(Instant asked) {
            told.add("forget all");
            if (broken) {
                throw new IllegalStateException("nobody thought of this");
            }
        }

        @Override
        public void distrustKeptBefore(Instant moment) {
            told.add("distrust");
        }
    }

    private NodePurges start(Noted caches) {
        NodePurges node = new NodePurges(
                server.bean(NodeRepository.class), caches, new NodeIdentity(folder), new SimpleMeterRegistry());
        started.add(node);
        node.start();
        return node;
    }

    @AfterEach
    void forget() throws IOException {
        started.forEach(NodePurges::stop);
        if (Files.exists(folder.resolve("node-id"))) {
            delete();
        }
    }

    private void delete() throws IOException {
        sql.sql("delete from node where id = :id").param("id", id()).update();
    }

    private UUID id() throws IOException {
        return UUID.fromString(Files.readString(folder.resolve("node-id")).strip());
    }

    private UUID purge() {
        return purge(PurgeTarget.assets(Set.of(ASSET)));
    }

    private UUID purge(PurgeTarget target) {
        return server.bean(Purges.class)
                .start(
                        target,
                        server.bean(JdbcClient.class)
                                .sql("select id from api_key limit 1")
                                .query(UUID.class)
                                .single());
    }

    private boolean isConfirmed(UUID purge) throws IOException {
        return sql.sql("select confirmed_at is not null from purge_node where purge = :purge and node = :node")
                .param("purge", purge)
                .param("node", id())
                .query(Boolean.class)
                .single();
    }

    @Test
    void beginsEmptyWhenNobodyKnowsItAndFindsWhatItMissedWhenSomebodyDoes() throws Exception {
        Noted first = new Noted();
        NodePurges node = start(first);
        assertThat(first.told).contains("forget all");
        UUID heard = purge();
        await().atMost(Duration.ofSeconds(20)).until(() -> isConfirmed(heard));
        node.stop();

        UUID missed = purge();
        Noted second = new Noted();
        start(second);

        // Done when the start returns.
        assertThat(isConfirmed(missed)).isTrue();
        assertThat(second.told).contains("forget 1").doesNotContain("forget all");
    }

    @Test
    void confirmsNothingThatItCouldNotDo() throws Exception {
        Noted caches = new Noted();
        start(caches);
        caches.failing = true;
        UUID purge = purge();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> caches.told.stream().filter("forget 1"::equals).count() >= 2);
        assertThat(isConfirmed(purge)).isFalse();

        caches.failing = false;

        await().atMost(Duration.ofSeconds(20)).until(() -> isConfirmed(purge));
    }

    @Test
    void goesOnAfterWhatNobodyThoughtOf() throws Exception {
        Noted caches = new Noted();
        start(caches);
        caches.told.clear();
        caches.broken = true;
        UUID purge = purge(PurgeTarget.everything());
        await().atMost(Duration.ofSeconds(20)).until(() -> caches.told.contains("forget all"));
        assertThat(isConfirmed(purge)).isFalse();

        caches.broken = false;

        await().atMost(Duration.ofSeconds(20)).until(() -> isConfirmed(purge));
    }

    @Test
    void oneThatCannotBeDoneHoldsUpNoOther() throws Exception {
        Noted caches = new Noted();
        start(caches);
        caches.told.clear();
        caches.stuck = ASSET;
        UUID stuck = purge();
        UUID other = purge(PurgeTarget.assets(Set.of(OTHER)));
        UUID everything = purge(PurgeTarget.everything());

        await().atMost(Duration.ofSeconds(20)).until(() -> isConfirmed(other) && isConfirmed(everything));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> caches.told.stream().filter("forget 1"::equals).count() >= 4);

        assertThat(isConfirmed(stuck)).isFalse();
        assertThat(caches.told).containsOnlyOnce("forget all");
    }

    @Test
    void takesNothingFromABucketThatCouldNotBePurgedAtTheStart() throws Exception {
        start(new Noted()).stop();
        purge();
        Noted caches = new Noted();
        caches.failing = true;

        start(caches);

        assertThat(List.copyOf(caches.told)).containsSubsequence("forget 1", "distrust");
    }

    @Test
    void takesAnotherNameWhenSomebodyElseHasIts() throws Exception {
        Noted caches = new Noted();
        start(caches);
        UUID before = id();
        caches.told.clear();

        // A copy of the folder begins elsewhere.
        server.bean(NodeRepository.class).register(before, UUID.randomUUID(), "copy");

        await().atMost(Duration.ofSeconds(20)).until(() -> !id().equals(before));
        await().atMost(Duration.ofSeconds(20)).until(() -> caches.told.contains("forget all"));
        UUID purge = purge();
        await().atMost(Duration.ofSeconds(20)).until(() -> isConfirmed(purge));
        sql.sql("delete from node where id = :id").param("id", before).update();
    }

    @Test
    void emptiesItselfWhenItWasForgottenWhileItRan() throws Exception {
        Noted caches = new Noted();
        start(caches);
        caches.told.clear();

        delete();

        await().atMost(Duration.ofSeconds(20)).until(() -> caches.told.contains("forget all"));
    }

    @Test
    void tellsNobodyToWaitWhenItStops() throws Exception {
        NodePurges node = start(new Noted());
        node.stop();
        UUID purge = purge();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> server.bean(PurgeRepository.class)
                                .find(purge)
                                .orElseThrow()
                                .state()
                        == Purge.State.DONE);
    }
}
