package dev.safelight.event.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.event.EventMetrics;
import dev.safelight.event.FailingInserts;
import dev.safelight.event.Inbox;
import dev.safelight.event.RefusedNotifications;
import dev.safelight.event.StoreEventParser;
import dev.safelight.job.JobQueue;
import dev.safelight.testing.StoreNotification;
import dev.safelight.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class SqsSourceTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration VISIBILITY = Duration.ofSeconds(4);
    private static final int TRIES = 2;

    private final TestServer server = TestServer.shared();
    private final JdbcClient jdbc = server.bean(JdbcClient.class);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<SqsSource> sources = new ArrayList<>();
    private final LocalQueue queue = new LocalQueue();

    @BeforeEach
    void noneOfThisIsKnown() {
        jdbc.sql("delete from refused_notification").update();
    }

    @AfterEach
    void stopAll() {
        sources.forEach(SqsSource::stop);
        queue.close();
    }

    private SqsSource read(SqsSettings settings) {
        TakeBatch take = new TakeBatch(
                server.bean(StoreEventParser.class),
                server.bean(Inbox.class),
                server.bean(RefusedNotifications.class),
                server.bean(EventMetrics.class),
                settings.tries());
        SqsSource source = new SqsSource(settings, take, server.bean(JobQueue.class), metrics, InstantSource.system());
        sources.add(source);
        source.start();
        return source;
    }

    private SqsSource read() {
        return read(queue.settings(VISIBILITY, TRIES, 10_000));
    }

    private String grantedKey() throws Exception {
        JsonNode upload = TestServer.json(
                server.post("/v1/uploads", "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":9}"));
        return jdbc.sql("select object_key from upload where id = :id")
                .param("id", UUID.fromString(upload.path("uploadId").asString()))
                .query(String.class)
                .single();
    }

    private int known(String key) {
        return jdbc.sql("select count(*) from store_event where object_key = :key")
                .param("key", key)
                .query(Integer.class)
                .single();
    }

    @Test
    void takesEachMessageOnceAndDeletesItThoughSeveralRead() throws Exception {
        queue.create();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            keys.add(grantedKey());
        }
        read();
        read();

        for (String key : keys) {
            queue.send(StoreNotification.of(key, "e", "1").json());
            queue.send(StoreNotification.of(key, "e", "1").json());
        }

        await().atMost(SOON).until(queue::isEmpty);
        assertThat(keys).allSatisfy(key -> assertThat(known(key)).isEqualTo(1));
    }

    @Test
    void putsAsideWhatCannotBeReadAndGoesOn() throws Exception {
        queue.create();
        String key = grantedKey();
        queue.send("{\"Records\":\"poison\"}");
        queue.send(StoreNotification.of(key, "e", "1").json());
        read(queue.settings(Duration.ofSeconds(2), TRIES, 10_000));

        await().atMost(SOON).until(queue::isEmpty);

        assertThat(known(key)).isEqualTo(1);
        long id = jdbc.sql("select id from refused_notification")
                .query(Long.class)
                .single();
        await().atMost(SOON).until(() -> isDead(id));
        assertThat(server.get("/v1/jobs/dead").body())
                .contains("read-notification", "\\\"Records\\\" must be an array");
        // As if a later release could read it.
        jdbc.sql("update refused_notification set body = convert_to(:body, 'UTF8')")
                .param("body", StoreNotification.of(key, "e", "2").json())
                .update();
        assertThat(server.post(
                                "/v1/jobs/dead/retry",
                                "{\"kind\":\"read-notification\",\"instance\":\"%d\"}".formatted(id))
                        .statusCode())
                .isEqualTo(202);
        await().atMost(SOON).until(() -> known(key) == 2 && !isDead(id));
        await().atMost(SOON)
                .until(() -> jdbc.sql("select count(*) from refused_notification")
                                .query(Integer.class)
                                .single()
                        == 0);
    }

    private boolean isDead(long id) {
        return jdbc.sql("select count(*) from dead_job where kind = 'read-notification' and instance = :id")
                        .param("id", String.valueOf(id))
                        .query(Integer.class)
                        .single()
                == 1;
    }

    @Test
    void leavesInTheQueueWhatNobodyHasRoomToKeep() {
        queue.create();
        jdbc.sql("""
                insert into refused_notification (message_id, body, refused_at)
                select 'full-' || n, '', now() from generate_series(1, 1000) n
                """).update();
        queue.send("poison");
        read(queue.settings(Duration.ofSeconds(2), 1, 10_000));

        await().atMost(SOON).until(() -> queue.hidden() == 1);
        await().during(Duration.ofSeconds(5)).atMost(SOON).until(() -> !queue.isEmpty());
        jdbc.sql("delete from refused_notification").update();

        await().atMost(SOON).until(queue::isEmpty);
    }

    @Test
    void receivesNothingWhileTooManyJobsAreDue() throws Exception {
        queue.create();
        String key = grantedKey();
        jdbc.sql("""
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)
                select 'of-another-release', n::text, now() - interval '1 hour', false, 1, 50 from generate_series(1, 3) n
                """).update();
        try {
            read(queue.settings(VISIBILITY, TRIES, 2));
            queue.send(StoreNotification.of(key, "e", "1").json());

            await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> queue.visible() == 1 && queue.hidden() == 0);
        } finally {
            jdbc.sql("delete from scheduled_tasks where task_name = 'of-another-release'")
                    .update();
        }
        await().atMost(SOON).until(() -> queue.isEmpty() && known(key) == 1);
    }

    @Test
    void keepsABatchHiddenWhileTheDatabaseFailsAndTakesItThen() throws Exception {
        queue.create();
        String key = grantedKey();
        Duration visibility = Duration.ofSeconds(2);
        FailingInserts failing = FailingInserts.of(jdbc, key);
        try {
            queue.send(StoreNotification.of(key, "e", "1").json());
            read(queue.settings(visibility, TRIES, 10_000));
            await().atMost(SOON).until(() -> queue.hidden() == 1);

            await().during(visibility.multipliedBy(3))
                    .atMost(SOON)
                    .until(() -> queue.receive().isEmpty());
        } finally {
            failing.end();
        }
        await().atMost(SOON).until(() -> queue.isEmpty() && known(key) == 1);
    }

    @Test
    void givesABatchBackWhenItStops() throws Exception {
        queue.create();
        String key = grantedKey();
        FailingInserts failing = FailingInserts.of(jdbc, key);
        try {
            queue.send(StoreNotification.of(key, "e", "1").json());
            SqsSource source = read(queue.settings(Duration.ofHours(1), TRIES, 10_000));
            await().atMost(SOON).until(() -> queue.hidden() == 1);

            source.stop();

            assertThat(source.isRunning()).isFalse();
            assertThat(queue.receive()).hasSize(1);
        } finally {
            failing.end();
        }
        read();
        await().atMost(SOON).until(() -> queue.isEmpty() && known(key) == 1);
    }

    @Test
    void stopsAtOnceWhileItWaitsForMessages() {
        queue.create();
        SqsSource source = read();
        await().during(Duration.ofSeconds(1)).until(source::isRunning);

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            source.stop();
            assertThat(source.isRunning()).isFalse();
        });
    }

    @Test
    void saysThatAQueueIsMissingAndReadsItOnceItIsThere() throws Exception {
        String key = grantedKey();
        read();
        await().atMost(SOON).until(() -> failing() > 0);

        queue.create();
        queue.send(StoreNotification.of(key, "e", "1").json());

        await().atMost(SOON).until(() -> queue.isEmpty() && known(key) == 1);
        await().atMost(SOON).until(() -> failing() == 0);
    }

    private double failing() {
        return metrics.get("safelight.events.sqs.failing.seconds").gauge().value();
    }

    @Test
    void refusesSettingsThatCannotBeMeant() {
        URI url = URI.create("http://127.0.0.1/queue");
        assertThatThrownBy(() -> new SqsSettings(URI.create("uploads"), "r", null, null, null, VISIBILITY, 1, 1))
                .hasMessageContaining("safelight.events.sqs.queue-url");
        assertThatThrownBy(() -> new SqsSettings(url, "r", null, "a", null, VISIBILITY, 1, 1))
                .hasMessageContaining("secret-key");
        assertThatThrownBy(() -> new SqsSettings(url, "r", null, null, null, Duration.ofHours(13), 1, 1))
                .hasMessageContaining("visibility");
        assertThatThrownBy(() -> new SqsSettings(url, "r", null, null, null, VISIBILITY, 0, 1))
                .hasMessageContaining("tries");
        assertThatThrownBy(() -> new SqsSettings(url, "r", null, null, null, VISIBILITY, 1, 0))
                .hasMessageContaining("most-waiting");
    }
}
