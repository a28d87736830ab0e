package dev.safelight.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

class JobWorkerTest {
    private static final RetryPolicy QUICK = new RetryPolicy(3, 2, Duration.ofMillis(10), 1, Duration.ofMillis(20));

    private final DataSource database =
            TestDatabase.fresh("migrated", JobWorkerTest::migrate).dataSource();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final JobRepository repository =
            new JobRepository(jdbc, JsonMapper.builder().build());
    private final JobQueue queue =
            new JobQueue(repository, new TurnRepository(jdbc, FairShare.EVEN), InstantSource.system());
    private final TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(database));
    private final Probe probe = new Probe();
    private JobWorker worker;

    private static void migrate(DataSource source) {
        Flyway.configure().dataSource(source).load().migrate();
    }

    @BeforeEach
    void startWorker() {
        worker = worker(2);
    }

    private JobWorker worker(int atOnce) {
        return worker(atOnce, Duration.ofSeconds(20));
    }

    private JobWorker worker(int atOnce, Duration drain) {
        return worker(atOnce, drain, QUICK);
    }

    private JobWorker worker(int atOnce, Duration drain, RetryPolicy policy) {
        JobAttempt attempt =
                new JobAttempt(repository, transaction, InstantSource.system(), new SimpleMeterRegistry(), policy);
        JobWorker.Habits habits = new JobWorker.Habits("test", true, atOnce, Duration.ofSeconds(5), drain);
        return new JobWorker(habits, database, queue, repository, attempt, List.of(probe), List.of());
    }

    @AfterEach
    void stopWorker() {
        if (worker.isRunning()) {
            worker.stop();
        }
    }

    @Test
    void runsAJobOnceAndRemovesIt() {
        worker.start();
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(probe.ran).containsExactly("one"));
        await().until(() -> rows("scheduled_tasks") == 0);
        assertThat(outcomes("one")).containsExactly("SUCCEEDED");
    }

    @Test
    void takesTheSameJobInOnlyOnceWhileItWaits() {
        queue.enqueue("probe", "one");
        queue.enqueue("probe", "one");

        assertThat(rows("scheduled_tasks")).isEqualTo(1);
    }

    @Test
    void letsJobsInLineGoFirst() {
        worker = worker(1);
        queue.enqueueBehind("probe", "behind");
        queue.enqueue("probe", "in line");
        queue.enqueueAfter(Duration.ofHours(1), "probe", "later");

        assertThat(queue.state("probe", "behind")).isEqualTo(JobQueue.State.OPEN);
        assertThat(queue.state("probe", "unknown")).isEqualTo(JobQueue.State.NONE);
        worker.start();

        await().untilAsserted(() -> assertThat(probe.ran).containsExactly("in line", "behind"));
        assertThat(queue.state("probe", "later")).isEqualTo(JobQueue.State.OPEN);
    }

    @Test
    void forgetsAJobWhoseTransactionWasRolledBack() {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("insert into dead_job values ('probe', 'x', 'internal', 'e', 1, now())")
                    .update();
            queue.enqueue("probe", "never");
            status.setRollbackOnly();
        });

        assertThat(rows("scheduled_tasks")).isZero();
        assertThat(rows("dead_job")).isZero();
    }

    @Test
    void triesAgainAfterAnIoFailure() {
        probe.failing = new IOException("the store is away");
        probe.failures.set(2);
        worker.start();
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(outcomes("one")).containsExactly("RETRYING", "RETRYING", "SUCCEEDED"));
        assertThat(probe.abandoned).isEmpty();
    }

    @Test
    void givesUpWhenThePolicySaysSo() {
        probe.failing = new IOException("the store is away");
        probe.failures.set(100);
        worker.start();
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(probe.abandoned).hasSize(1));
        assertThat(probe.abandoned.getFirst().reason()).isEqualTo(Reason.RETRIES_EXHAUSTED);
        assertThat(repository.dead(10)).singleElement().satisfies(dead -> {
            assertThat(dead.instance()).isEqualTo("one");
            assertThat(dead.error()).contains("the store is away");
        });
        await().until(() -> rows("scheduled_tasks") == 0);
    }

    @Test
    void endsAtOnceOnAFailureThatWillNotPass() {
        probe.refusing = new Failure(Failure.Kind.FORBIDDEN, "no rights");
        worker.start();
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(outcomes("one")).containsExactly("DEAD"));
    }

    @Test
    void keepsTheStackTraceOfADefect() {
        probe.refusing = new IllegalStateException("a defect");
        worker.start();
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(repository.dead(10))
                .singleElement()
                .satisfies(dead -> {
                    assertThat(dead.reason()).isEqualTo("internal");
                    assertThat(dead.error()).contains("a defect").contains("JobWorkerTest");
                }));
    }

    @Test
    void countsAttemptsThatTookTheirProcessDown() {
        lose("one");
        lose("one");
        worker.start();
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(outcomes("one")).containsExactly("LOST", "LOST", "DEAD"));
        assertThat(probe.ran).isEmpty();
    }

    @Test
    void letsAJobWaitThatWasLostAgain() {
        Duration first = Duration.ofSeconds(2);
        worker = worker(1, Duration.ofSeconds(20), new RetryPolicy(3, 9, first, 1, first));
        lose("one");
        Instant killed = InstantSource.system().instant();
        repository.begin("probe", "one", killed);
        queue.enqueue("probe", "one");
        queue.enqueue("probe", "another");
        worker.start();

        await().untilAsserted(() -> assertThat(outcomes("one")).containsExactly("LOST", "LOST", "SUCCEEDED"));
        assertThat(probe.ran).containsExactly("another", "one");
        assertThat(InstantSource.system().instant()).isAfterOrEqualTo(killed.plus(first));
    }

    @Test
    void pausesLongerAfterEachLossUpToAMinute() {
        RetryPolicy policy = RetryPolicy.DEFAULT;
        assertThat(IntStream.range(0, 10).mapToObj(policy::pauseAfterLoss).map(Duration::toSeconds))
                .containsExactly(0L, 0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
        assertThat(policy.pauseAfterLoss(1_000)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void leavesAJobToWhoeverTookItForLost() {
        probe.refusing = new IllegalStateException("after a long pause");
        // As another worker does after heartbeats that were missed.
        probe.meanwhile = () -> jdbc.sql("update scheduled_tasks set version = version + 1, picked_by = 'another'")
                .update();
        worker.start();
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(probe.begun).containsExactly("one"));
        worker.stop();
        assertThat(probe.abandoned).isEmpty();
        assertThat(repository.dead(10)).isEmpty();
        assertThat(rows("scheduled_tasks")).isEqualTo(1);
    }

    @Test
    void knowsAtTheNextAttemptOfOneThatWasInterrupted() {
        worker = worker(1, Duration.ZERO);
        probe.meanwhile = () -> {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopping);
            }
        };
        worker.start();
        queue.enqueue("probe", "one");
        await().untilAsserted(() -> assertThat(probe.begun).containsExactly("one"));
        worker.stop();

        assertThat(outcomes("one")).containsExactly("STOPPED");
        probe.meanwhile = () -> {};
        worker = worker(1);
        worker.start();
        await().untilAsserted(() -> assertThat(outcomes("one")).containsExactly("STOPPED", "SUCCEEDED"));
        assertThat(probe.repeated).containsExactly(false, true);
    }

    @Test
    void takesUpJobsThatAKilledRunHadPicked() {
        queue.enqueue("probe", "one");
        jdbc.sql("update scheduled_tasks set picked = true, picked_by = 'test', last_heartbeat = now()")
                .update();
        worker.start();

        await().untilAsserted(() -> assertThat(probe.ran).containsExactly("one"));
    }

    @Test
    void forgetsFailuresOnceTheJobSucceeded() {
        probe.failures.set(1);
        worker.start();
        queue.enqueue("probe", "one");
        await().untilAsserted(() -> assertThat(outcomes("one")).containsExactly("RETRYING", "SUCCEEDED"));

        assertThat(repository.attempts("probe", "one").failed()).isZero();
    }

    @Test
    void takesAJobInAgainFromTheMomentItsEndIsKnown() {
        probe.refusing = new IllegalStateException("a defect");
        worker.start();
        queue.enqueue("probe", "one");
        await().until(() -> !repository.dead(1).isEmpty());

        probe.refusing = null;
        queue.enqueue("probe", "one");

        await().untilAsserted(() -> assertThat(probe.ran).containsExactly("one"));
        await().untilAsserted(() -> assertThat(repository.dead(1)).isEmpty());
    }

    @Test
    void leavesNoTraceOfARunThatFoundNothingToDo() {
        probe.idle = true;
        worker.start();
        queue.enqueue("probe", "one");

        await().until(() -> probe.ran.size() == 1 && rows("scheduled_tasks") == 0);
        assertThat(outcomes("one")).isEmpty();
    }

    @Test
    void retryByHandForgivesEarlierAttempts() {
        lose("one");
        assertThat(repository.attempts("probe", "one").lost()).isEqualTo(1);
        repository.bury(
                "probe",
                "one",
                new JobEnd(Reason.INTERNAL, "e", 1),
                InstantSource.system().instant());

        assertThat(repository.exhume("probe", "one")).isTrue();
        assertThat(repository.exhume("probe", "one")).isFalse();
        assertThat(repository.attempts("probe", "one").lost()).isZero();
    }

    private void lose(String instance) {
        repository.begin("probe", instance, InstantSource.system().instant());
        repository.markLost("probe", instance, InstantSource.system().instant());
    }

    private int rows(String table) {
        return jdbc.sql("select count(*) from " + table).query(Integer.class).single();
    }

    private List<String> outcomes(String instance) {
        return jdbc.sql("select outcome from job_run where instance = :instance order by id")
                .param("instance", instance)
                .query(String.class)
                .list();
    }

    /// A handler that does as it is told.
    private static final class Probe implements JobHandler {
        final List<String> ran = Collections.synchronizedList(new ArrayList<>());
        final List<String> begun = Collections.synchronizedList(new ArrayList<>());
        final List<Boolean> repeated = Collections.synchronizedList(new ArrayList<>());
        final List<JobEnd> abandoned = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger failures = new AtomicInteger();
        volatile boolean idle;
        volatile Runnable meanwhile = () -> {};
        volatile IOException failing = new IOException("unset");
        volatile @Nullable RuntimeException refusing;

        @Override
        public String kind() {
            return "probe";
        }

        @Override
        public void run(JobRun run) throws IOException {
            begun.add(run.instance());
            repeated.add(run.isRepeated());
            meanwhile.run();
            if (failures.getAndDecrement() > 0) {
                throw failing;
            }
            RuntimeException refusal = refusing;
            if (refusal != null) {
                throw refusal;
            }
            if (idle) {
                run.foundNothingToDo();
            }
            ran.add(run.instance());
        }

        @Override
        public void abandon(String instance, JobEnd end) {
            abandoned.add(end);
        }
    }
}
