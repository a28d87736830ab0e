package dev.safelight.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.safelight.asset.Space;
import dev.safelight.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

class FairQueueTest {
    private static final Flow A = new Flow(Space.PRODUCT, new UUID(0, 1));
    private static final Flow B = new Flow(Space.PRODUCT, new UUID(0, 2));
    private static final Flow M = new Flow(Space.MARKETING, new UUID(0, 3));
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final HikariDataSource database =
            TestDatabase.fresh("migrated", FairQueueTest::migrate).pool(4);
    private final JdbcClient jdbc = JdbcClient.create(database);
    private TurnRepository turns = new TurnRepository(jdbc, FairShare.EVEN);
    private Instant now = START;

    private static void migrate(DataSource source) {
        Flyway.configure().dataSource(source).load().migrate();
    }

    @AfterEach
    void disconnect() {
        database.close();
    }

    private void enqueue(Flow flow, String name, int from, int count) {
        for (int i = from; i < from + count; i++) {
            now = now.plusMillis(1);
            turns.enqueue("process", name + i, flow, now);
        }
    }

    /// What the scheduler's poll would pick.
    private String pick() {
        return jdbc.sql("""
                update scheduled_tasks set picked = true, version = version + 1
                where (task_name, task_instance) in (
                    select task_name, task_instance from scheduled_tasks
                    where not picked and execution_time <= :now
                    order by priority desc, execution_time for update skip locked limit 1)
                returning task_instance
                """)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(String.class)
                .single();
    }

    private String serve() {
        String next = pick();
        finish(next);
        return next;
    }

    private void finish(String instance) {
        jdbc.sql("delete from scheduled_tasks where task_instance = :instance")
                .param("instance", instance)
                .update();
    }

    private List<String> serve(int count) {
        List<String> served = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            served.add(serve());
        }
        return served;
    }

    @Test
    void servesAnOwnerThatComesLateAtOnceAndInTurn() {
        enqueue(A, "a", 0, 60);
        serve(10);
        enqueue(B, "b", 0, 3);

        assertThat(serve(7).stream().filter(name -> name.startsWith("b"))).hasSize(3);
        assertThat(serve(5)).allMatch(name -> name.startsWith("a"));
    }

    @Test
    void sharesEvenlyBetweenTwoImporters() {
        enqueue(A, "a", 0, 40);
        enqueue(B, "b", 0, 40);

        List<String> served = serve(60);

        assertThat(served.stream().filter(name -> name.startsWith("a")).count()).isBetween(29L, 31L);
        assertThat(serve(20).stream().filter(name -> name.startsWith("a")).count())
                .isBetween(9L, 11L);
    }

    @Test
    void movesAJobThatWaitsBehindAllOthersIntoTheTurnAndNoneThatRuns() {
        JobRepository jobs = new JobRepository(jdbc, JsonMapper.builder().build());
        jobs.enqueue("process", "waiting", TurnRepository.Band.LAST, now);
        jobs.enqueue("process", "running", TurnRepository.Band.LAST, now);
        jdbc.sql("update scheduled_tasks set picked = true where task_instance = 'running'")
                .update();
        enqueue(A, "a", 0, 3);

        turns.enqueue("process", "waiting", A, now);
        turns.enqueue("process", "running", A, now);

        assertThat(jdbc.sql("select task_instance from scheduled_tasks where flow is null")
                        .query(String.class)
                        .list())
                .containsExactly("running");
        assertThat(serve(4)).containsExactly("a0", "a1", "a2", "waiting");
    }

    @Test
    void keepsTheOrderWithinAnOwner() {
        enqueue(A, "a", 0, 9);

        assertThat(serve(9)).containsExactly("a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8");
    }

    @Test
    void givesMoreTurnsToASpaceWithMoreWeight() {
        turns = new TurnRepository(jdbc, new FairShare(Map.of(Space.MARKETING, 3)));
        enqueue(A, "a", 0, 40);
        enqueue(M, "m", 0, 40);

        assertThat(serve(40).stream().filter(name -> name.startsWith("m")).count())
                .isBetween(28L, 32L);
    }

    @Test
    void doesNotHoldAgainstAnOwnerWhatWasDoneBefore() {
        enqueue(A, "a", 0, 30);
        serve(30);
        enqueue(B, "b", 0, 5);
        enqueue(A, "late", 0, 1);

        assertThat(serve(3)).contains("late0");
    }

    @Test
    void servesAJobThatIsTriedAgainWhereItWas() {
        enqueue(A, "a", 0, 20);
        String failed = pick();
        now = now.plusMillis(1);
        jdbc.sql("update scheduled_tasks set picked = false, execution_time = :later where task_instance = :job")
                .param("later", now.plusSeconds(60).atOffset(ZoneOffset.UTC))
                .param("job", failed)
                .update();
        serve(10);
        enqueue(B, "b", 0, 2);
        now = now.plusSeconds(61);

        assertThat(serve()).isEqualTo(failed);
        assertThat(serve(5)).contains("b0", "b1");
    }

    @Test
    void takesTheSameJobInOnce() {
        enqueue(A, "a", 0, 1);
        enqueue(B, "a", 0, 1);

        assertThat(jdbc.sql("select flow from scheduled_tasks")
                        .query(String.class)
                        .single())
                .isEqualTo(A.text());
    }

    @Test
    void bringsTagsDownAndKeepsTheirOrder() {
        enqueue(A, "a", 0, 4);
        enqueue(B, "b", 0, 2);
        jdbc.sql("update scheduled_tasks set priority = priority - 1500000000").update();

        assertThat(rebase()).isEqualTo(6);
        assertThat(rebase()).isZero();
        enqueue(B, "c", 0, 1);

        assertThat(jdbc.sql("select max(priority) from scheduled_tasks")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2_000_000_000);
        assertThat(serve(7)).containsExactly("a0", "a1", "b0", "a2", "b1", "a3", "c0");
    }

    private int rebase() {
        Integer moved = new TransactionTemplate(new DataSourceTransactionManager(database))
                .execute(status -> turns.rebase(TurnRepository.HIGH_TAG));
        return moved == null ? -1 : moved;
    }

    @Test
    void staysAboveReprocessingWhateverTheTag() {
        enqueue(A, "a", 0, 1);
        jdbc.sql("update scheduled_tasks set priority = 1000").update();
        enqueue(A, "a", 1, 2);

        assertThat(jdbc.sql("select min(priority) from scheduled_tasks")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1000);
        assertThat(serve(3)).containsExactly("a0", "a1", "a2");
    }

    /// One newcomer for each job served, each an owner of its own, and bursts of an old one.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void starvesNobodyUnderAStreamOfNewcomers(long seed) {
        Random random = new Random(seed);
        int jobs = 5 + random.nextInt(10);
        enqueue(A, "a", 0, jobs);
        List<String> served = new ArrayList<>();
        int newcomers = 0;
        while (served.stream().filter(name -> name.startsWith("a")).count() < jobs) {
            List<String> running = new ArrayList<>();
            for (int worker = 0; worker < 1 + random.nextInt(3); worker++) {
                running.add(pick());
            }
            int arrivals = running.size();
            for (int i = 0; i < arrivals; i++) {
                enqueue(new Flow(Space.USER, new UUID(9, newcomers)), "n" + newcomers + "-", 0, 1);
                newcomers++;
            }
            running.forEach(this::finish);
            served.addAll(running);
            assertThat(served.size())
                    .as("jobs served before the last of %d", jobs)
                    .isLessThan(12 * jobs + 60);
        }
    }

    @Test
    void readsTheQueueByAnIndexHoweverLongItIs() {
        jdbc.sql("""
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority, flow)
                select 'process', 'x' || i, :due, false, 1, 2000000000 - i, 'product/' || (i % 7)
                from generate_series(1, 100000) i
                """).param("due", START.atOffset(ZoneOffset.UTC)).update();
        jdbc.sql("analyze scheduled_tasks").update();
        String plan = String.join("\n", jdbc.sql("""
                explain update scheduled_tasks st1 set picked = true, picked_by = 'x', version = version + 1
                where (st1.task_name, st1.task_instance) in (
                    select st2.task_name, st2.task_instance from scheduled_tasks st2
                    where picked = false and execution_time <= now()
                    order by priority desc, execution_time asc for update skip locked limit 4)
                returning st1.*
                """).query(String.class).list());
        assertThat(plan).contains("scheduled_tasks_turn").doesNotContain("Seq Scan");
        long before = rowsRead();
        enqueue(A, "a", 0, 1);
        jdbc.sql("select pg_stat_force_next_flush()").query((row, number) -> "").list();
        assertThat(rowsRead() - before).as("rows read to enqueue").isLessThan(100);
    }

    private long rowsRead() {
        return jdbc.sql("""
                select seq_tup_read + coalesce(idx_tup_fetch, 0) + (select sum(idx_tup_read) from pg_stat_user_indexes
                                                                    where relname = 'scheduled_tasks')
                from pg_stat_user_tables where relname = 'scheduled_tasks'
                """).query(Long.class).single();
    }

    @Test
    void aWorkerServesALateOwnerBetweenTheJobsOfABulkImport() {
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        JobRepository repository = new JobRepository(jdbc, JsonMapper.builder().build());
        JobQueue queue = new JobQueue(repository, turns, InstantSource.system());
        JobAttempt attempt = new JobAttempt(
                repository,
                new TransactionTemplate(new DataSourceTransactionManager(database)),
                InstantSource.system(),
                new SimpleMeterRegistry(),
                RetryPolicy.DEFAULT);
        JobHandler handler = new JobHandler() {
            @Override
            public String kind() {
                return "process";
            }

            @Override
            public void run(JobRun run) {
                if (ran.size() == 20) {
                    for (int i = 0; i < 5; i++) {
                        queue.enqueue("process", "b" + i, B);
                    }
                }
                ran.add(run.instance());
            }

            @Override
            public void abandon(String instance, JobEnd end) {}
        };
        for (int i = 0; i < 100; i++) {
            queue.enqueue("process", "a" + i, A);
        }
        JobWorker worker = new JobWorker(
                new JobWorker.Habits("fair", true, 2, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                database,
                queue,
                repository,
                attempt,
                List.of(handler),
                List.of());
        worker.start();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> ran.size() == 105);
        } finally {
            worker.stop();
        }
        assertThat(ran.lastIndexOf("b4")).isLessThan(20 + 5 + 12);
        assertThat(ran.stream().filter(name -> name.startsWith("a")).toList())
                .hasSize(100)
                .doesNotHaveDuplicates();
    }
}
