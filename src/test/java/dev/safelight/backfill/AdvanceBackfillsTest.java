package dev.safelight.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Space;
import dev.safelight.asset.VersionId;
import dev.safelight.backfill.Backfill.State;
import dev.safelight.backfill.Backfill.Throttle;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.ReadyAssets;
import dev.safelight.job.Flow;
import dev.safelight.job.JobQueue;
import dev.safelight.pipeline.ReprocessPlan;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// How a backfill goes on, with a clock and workers that the test plays, against a real database.
class AdvanceBackfillsTest {
    private final BackfillServer server = BackfillServer.empty();
    private final AdvanceBackfills driver = server.driver();

    @Test
    void keepsSoManyInFlightUntilAllAreDone() {
        List<VersionId> assets = server.outdated(5);
        server.current();
        UUID id = server.start(2);

        driver.run();
        assertThat(server.queue()).containsExactly(text(assets.get(4)), text(assets.get(3)));
        driver.run();
        assertThat(server.queue()).hasSize(2);
        List<String> seen = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            seen.addAll(server.queue());
            server.succeedAll();
            driver.run();
        }

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        assets.stream().map(AdvanceBackfillsTest::text).toList());
        Backfill done = server.find(id);
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.finishedAt()).isNotNull();
        assertThat(done.counts().total()).isEqualTo(6);
        assertThat(done.counts().examined()).isEqualTo(6);
        assertThat(done.counts().needed()).isEqualTo(5);
        assertThat(done.counts().enqueued()).isEqualTo(5);
        assertThat(done.counts().done()).isEqualTo(5);
        assertThat(done.counts().failed()).isZero();
        assertThat(done.counts().made()).isPositive();
        assertThat(done.waiting()).isZero();
    }

    @Test
    void endsAtOnceWhereNothingIsCovered() {
        UUID id = server.start(2);

        driver.run();

        assertThat(server.find(id).state()).isEqualTo(State.DONE);
    }

    @Test
    void takesJobsThatGiveWayToAllOthers() {
        server.outdated(1);
        server.start(2);

        driver.run();

        int usual = priorityAfter(() -> server.bean(JobQueue.class).enqueue("reprocess", "usual"), "usual");
        assertThat(server.jdbc()
                        .sql("select max(priority) from scheduled_tasks where task_instance <> 'usual'")
                        .query(Integer.class)
                        .single())
                .isLessThan(usual);
    }

    private int priorityAfter(Runnable enqueue, String instance) {
        enqueue.run();
        return server.jdbc()
                .sql("select priority from scheduled_tasks where task_instance = :instance")
                .param("instance", instance)
                .query(Integer.class)
                .single();
    }

    @Test
    void neitherSkipsNorDoublesWhenTwoAdvanceIt() throws Exception {
        List<VersionId> assets = server.outdated(60);
        UUID id = server.start(7);
        List<AdvanceBackfills> drivers = List.of(driver, server.driver());
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; server.find(id).state() != State.DONE; round++) {
                assertThat(round).as("rounds").isLessThan(60);
                List<Future<?>> both = new ArrayList<>();
                drivers.forEach(one -> both.add(threads.submit(one::run)));
                // A worker ends jobs at the same time.
                server.succeedAll();
                for (Future<?> one : both) {
                    one.get();
                }
                assertThat(server.queue()).hasSizeLessThanOrEqualTo(7);
            }
        }

        Backfill.Counts counts = server.find(id).counts();
        assertThat(counts.examined()).isEqualTo(assets.size());
        assertThat(counts.enqueued()).isEqualTo(assets.size());
        assertThat(counts.done()).isEqualTo(assets.size());
    }

    @Test
    void addsNoMoreThanTheRateAllows() {
        server.outdated(30);
        UUID id = server.start(server.everything(), new Throttle(12, 100));

        driver.run();
        driver.run();
        assertThat(server.find(id).counts().enqueued()).isEqualTo(1);
        server.pass(Duration.ofSeconds(4));
        driver.run();
        assertThat(server.find(id).counts().enqueued()).isEqualTo(1);
        server.pass(Duration.ofSeconds(1));
        driver.run();
        assertThat(server.find(id).counts().enqueued()).isEqualTo(2);
        for (int second = 0; second < 60; second++) {
            server.pass(Duration.ofSeconds(1));
            driver.run();
        }
        assertThat(server.find(id).counts().enqueued()).isEqualTo(14);
        server.pass(Duration.ofHours(1));
        driver.run();
        driver.run();
        assertThat(server.find(id).counts().enqueued())
                .as("after an hour without a driver")
                .isLessThanOrEqualTo(16);
    }

    @Test
    void countsWhatEndsWhileItIsPausedAndGoesOnWhereItWas() {
        List<VersionId> assets = server.outdated(4);
        UUID id = server.start(2);
        driver.run();

        server.backfills().pause(id);
        server.backfills().pause(id);
        server.succeedAll();
        driver.run();

        Backfill paused = server.find(id);
        assertThat(paused.state()).isEqualTo(State.PAUSED);
        assertThat(paused.counts().done()).isEqualTo(2);
        assertThat(server.queue()).isEmpty();
        server.backfills().resume(id);
        // As after a restart: nothing is kept in memory.
        server.driver().run();
        assertThat(server.queue()).containsExactly(text(assets.get(1)), text(assets.get(0)));
        server.succeedAll();
        driver.run();
        assertThat(server.find(id).state()).isEqualTo(State.DONE);
        assertThat(server.find(id).counts().done()).isEqualTo(4);
    }

    @Test
    void takesBackWhatWaitsWhenItIsCancelledAndCountsWhatRuns() {
        List<VersionId> assets = server.outdated(5);
        UUID id = server.start(3);
        driver.run();
        server.pick(text(assets.get(4)));

        server.backfills().cancel(id);
        server.backfills().cancel(id);
        driver.run();

        assertThat(server.queue()).containsExactly(text(assets.get(4)));
        Backfill cancelled = server.find(id);
        assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
        assertThat(cancelled.waiting()).isEqualTo(1);
        server.succeedAll();
        driver.run();
        driver.run();
        assertThat(server.find(id).waiting()).isZero();
        assertThat(server.find(id).counts().done()).isEqualTo(1);
        assertThat(server.queue()).isEmpty();
        assertConflict(() -> server.backfills().pause(id), "CANCELLED");
        assertConflict(() -> server.backfills().resume(id), "CANCELLED");
        assertConflict(() -> server.backfills().retry(id), "CANCELLED");
    }

    @Test
    void leavesJobsOfOthersInTheQueueWhenItIsCancelled() {
        VersionId asked = server.outdated(1).getFirst();
        VersionId shared = server.outdated(1).getFirst();
        server.bean(JobQueue.class).enqueueBehind("reprocess", text(asked));
        UUID first = server.start(10);
        driver.run();
        UUID second = server.start(
                new ReadyAssets.Query(
                        Set.of(Space.PRODUCT),
                        null,
                        server.instant().plus(Duration.ofDays(1)),
                        null,
                        List.of(shared.asset())),
                new Throttle(null, 10));
        driver.run();

        server.backfills().cancel(first);

        assertThat(server.queue()).containsExactlyInAnyOrder(text(asked), text(shared));
        server.backfills().cancel(second);
        assertThat(server.queue()).containsExactly(text(asked));
    }

    @Test
    void leavesInTheQueueWhatSomebodyAskedForMeanwhile() {
        VersionId asked = server.outdated(1).getFirst();
        UUID id = server.start(10);
        driver.run();
        assertThat(server.queue()).contains(text(asked));
        server.bean(JobQueue.class).enqueue("reprocess", text(asked), new Flow(Space.PRODUCT, UUID.randomUUID()));

        server.backfills().cancel(id);

        assertThat(server.queue()).containsExactly(text(asked));
    }

    @Test
    void listsWhatFailedAndTriesItAgain() {
        List<VersionId> assets = server.outdated(3);
        UUID id = server.start(10);
        driver.run();
        server.fail(text(assets.get(1)));
        server.succeedAll();
        server.fail(text(assets.get(1)));
        driver.run();

        Backfill done = server.find(id);
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.counts().done()).isEqualTo(2);
        assertThat(done.counts().failed()).isEqualTo(1);
        assertThat(server.bean(BackfillItemRepository.class).failures(id, 10))
                .singleElement()
                .satisfies(failed -> {
                    assertThat(failed.version()).isEqualTo(assets.get(1));
                    assertThat(failed.reason()).isEqualTo("content-corrupt");
                });
        server.backfills().retry(id);
        assertThat(server.find(id).state()).isEqualTo(State.RUNNING);
        driver.run();
        assertThat(server.queue()).containsExactly(text(assets.get(1)));
        assertThat(server.find(id).state()).isEqualTo(State.RUNNING);
        server.succeedAll();
        driver.run();
        assertThat(server.find(id).state()).isEqualTo(State.DONE);
        assertThat(server.find(id).counts().done()).isEqualTo(3);
        assertThat(server.find(id).counts().failed()).isZero();
        assertConflict(() -> server.backfills().retry(id), "nothing to retry");
    }

    @Test
    void passesOverWhatIsGoneRejectedOrNewMeanwhile() {
        List<VersionId> assets = server.outdated(4);
        UUID id = server.start(1);
        driver.run();
        server.jdbc()
                .sql("delete from asset where id = :id")
                .param("id", assets.get(2).asset().value())
                .update();
        server.jdbc()
                .sql("update asset_version set status = 'REJECTED', reason = 'content-corrupt' where asset_id = :id")
                .param("id", assets.get(1).asset().value())
                .update();
        server.bean(Catalog.class).moderate(assets.get(0).asset(), 1, Moderation.REJECTED, "no");
        server.pass(Duration.ofSeconds(2));
        server.outdated(1);
        // The one in flight is deleted, too: its job finds nothing to do, and ends well.
        server.jdbc()
                .sql("delete from asset where id = :id")
                .param("id", assets.get(3).asset().value())
                .update();

        server.succeedAll();
        driver.run();
        assertThat(server.queue()).containsExactly(text(assets.get(0)));
        server.succeedAll();
        driver.run();

        Backfill done = server.find(id);
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.counts().total()).isEqualTo(4);
        assertThat(done.counts().examined()).isEqualTo(2);
        assertThat(done.counts().done()).isEqualTo(2);
    }

    @Test
    void coversWhatTheQuerySays() {
        Facts.Image facts = new Facts.Image(MediaType.JPEG, 400, 300, 1, false, null, null, null, null);
        VersionId matching = server.asset(Space.MARKETING, Map.of("sku", "A-1"), facts);
        server.asset(Space.MARKETING, Map.of("sku", "B-1"), facts);
        server.asset(Space.PRODUCT, Map.of("sku", "A-1"), facts);
        VersionId old = server.asset(Space.MARKETING, Map.of("sku", "A-2"), facts);
        server.jdbc()
                .sql("update asset set created_at = '2020-01-01' where id = :id")
                .param("id", old.asset().value())
                .update();
        Instant recently = server.instant().minus(Duration.ofHours(1));

        server.start(
                new ReadyAssets.Query(
                        Set.of(Space.MARKETING), recently, server.instant().plus(Duration.ofDays(1)), "A-", null),
                new Throttle(null, 10));
        driver.run();

        assertThat(server.queue()).containsExactly(text(matching));
    }

    @Test
    void foreseesFromASampleWhatAllWouldNeed() {
        server.outdated(6);
        Forecaster forecaster = server.bean(Forecaster.class);

        Forecast all = forecaster.of(server.everything(), 100);
        Forecast sampled = forecaster.of(server.everything(), 3);

        assertThat(all.exact()).isTrue();
        assertThat(all.needed()).isEqualTo(6);
        assertThat(all.made()).isPositive();
        assertThat(all.workSeconds()).isNull();
        assertThat(all.currency()).isEqualTo("EUR");
        assertThat(sampled.exact()).isFalse();
        assertThat(sampled.examined()).isEqualTo(3);
        assertThat(sampled)
                .usingRecursiveComparison()
                .ignoringFields("exact", "examined")
                .isEqualTo(all);
        server.jdbc().sql("""
                insert into job_run (kind, instance, outcome, started_at, finished_at)
                values ('reprocess', 'a', 'SUCCEEDED', now() - interval '2 seconds', now())
                """).update();
        assertThat(forecaster.of(server.everything()).workSeconds()).isEqualTo(12);
    }

    @Test
    void tellsWhatTheChangeOfStorageCosts() {
        VersionId id = server.outdated(1).getFirst();
        AssetVersion version = server.bean(Catalog.class)
                .find(id.asset(), id.version())
                .orElseThrow()
                .version();
        List<ReprocessPlan> plans = List.of(new ReprocessPlan(1, 0, 0, 0, 0, 3_000_000, 1_000_000));

        BigDecimal cost = server.bean(Forecaster.class).storagePerMonth(List.of(version), plans, 50);

        // 100 MB more, at 2 for each GB, as the server of this test is told.
        assertThat(cost).isEqualByComparingTo("0.2");
    }

    @Test
    void letsOnlySoManyBeOpen() {
        for (int i = 0; i < Backfills.MOST_OPEN; i++) {
            server.start(1);
        }

        assertConflict(() -> server.start(1), "limit");
    }

    private static void assertConflict(Runnable change, String hint) {
        assertThatThrownBy(change::run).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.CONFLICT);
            assertThat(failure.publicMessage()).contains(hint);
        });
    }

    private static String text(VersionId version) {
        return version.toString();
    }
}
