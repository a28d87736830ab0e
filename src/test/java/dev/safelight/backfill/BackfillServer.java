package dev.safelight.backfill;

import static java.util.Map.entry;

import dev.safelight.Safelight;
import dev.safelight.access.ApiKeys;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.catalog.ReadyAssets;
import dev.safelight.pipeline.Reprocessing;
import dev.safelight.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// A server that works on no jobs, so that tests decide when one ends and what time it is.
final class BackfillServer implements InstantSource {
    private final ConfigurableApplicationContext context;
    private final JdbcClient jdbc;
    private final Caller caller;
    private Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private int created;

    private BackfillServer() {
        TestDatabase database = TestDatabase.fresh();
        Path data = folder();
        context = new SpringApplicationBuilder(Safelight.class)
                .properties(Map.ofEntries(
                        entry("server.port", "0"),
                        entry("server.address", "127.0.0.1"),
                        entry("safelight.roles", "api"),
                        entry("safelight.usage.currency", "EUR"),
                        entry("safelight.usage.price.storage", "2"),
                        entry("safelight.s3.endpoint", "http://127.0.0.1:9"),
                        entry("safelight.s3.buckets.raw", "raw"),
                        entry("safelight.s3.buckets.processed", "processed"),
                        entry("safelight.s3.buckets.user", "user"),
                        entry("safelight.s3.buckets.marketing", "marketing"),
                        entry("safelight.s3.keys.uploader.access-key", "nobody"),
                        entry("safelight.s3.keys.uploader.secret-key", "nothing"),
                        entry("safelight.data", data.toString()),
                        entry("safelight.work.folder", data.resolve("work").toString())))
                .run(database.arguments());
        jdbc = bean(JdbcClient.class);
        UUID key = bean(ApiKeys.class).create("backfills", Set.of(Role.ADMIN)).id();
        caller = new Caller(key, "backfills", Set.of(Role.ADMIN));
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of("target"), "backfill-server-")
                    .toAbsolutePath();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Started with the first test that asks; forgets what earlier tests left.
    static BackfillServer empty() {
        Shared.SERVER.now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Shared.SERVER
                .jdbc
                .sql("truncate asset, scheduled_tasks, dead_job, job_run, backfill cascade")
                .update();
        return Shared.SERVER;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    JdbcClient jdbc() {
        return jdbc;
    }

    Caller caller() {
        return caller;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    AdvanceBackfills driver() {
        return new AdvanceBackfills(
                bean(BackfillRepository.class),
                bean(BackfillItemRepository.class),
                bean(ReadyAssets.class),
                bean(Catalog.class),
                bean(Reprocessing.class),
                bean(TransactionTemplate.class),
                new SimpleMeterRegistry(),
                this);
    }

    Backfills backfills() {
        return new Backfills(
                bean(BackfillRepository.class),
                bean(BackfillItemRepository.class),
                bean(ReadyAssets.class),
                bean(Reprocessing.class),
                bean(TransactionTemplate.class),
                this);
    }

    /// Starts one over everything.
    UUID start(int inFlight) {
        return start(everything(), new Backfill.Throttle(null, inFlight));
    }

    UUID start(ReadyAssets.Query query, Backfill.Throttle throttle) {
        return backfills().start(query, throttle, caller);
    }

    ReadyAssets.Query everything() {
        return new ReadyAssets.Query(Set.of(Space.values()), null, now.plus(Duration.ofDays(1)), null, null);
    }

    Backfill find(UUID id) {
        return bean(BackfillRepository.class).find(id).orElseThrow();
    }

    /// READY assets without the variants that the profile asks for, oldest first.
    List<VersionId> outdated(int count) {
        List<VersionId> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(asset(
                    Space.PRODUCT,
                    Map.of(),
                    new Facts.Image(MediaType.JPEG, 400, 300, 1, false, null, null, null, null)));
        }
        return made;
    }

    /// READY, and as the profile wants it.
    VersionId current() {
        return asset(Space.PRODUCT, Map.of(), null);
    }

    VersionId asset(Space space, Map<String, String> metadata, Facts.@Nullable Image facts) {
        AssetVersion version = new AssetVersion(
                // Each a moment after the one before, so that their order is certain.
                AssetId.create(Instant.now().plusSeconds(++created)),
                1,
                space,
                new AssetVersion.Original(
                        new BlobKey(Bucket.RAW, "raw/2026/01/" + UUID.randomUUID() + "/a.jpg"),
                        "a.jpg",
                        MediaType.JPEG,
                        10_000,
                        null,
                        null),
                Status.PENDING,
                null,
                facts,
                List.of());
        bean(Catalog.class).add(version, caller.keyId(), metadata);
        bean(Catalog.class).publish(version);
        return new VersionId(version.id(), 1);
    }

    /// The jobs that wait, those that began last first.
    List<String> queue() {
        return jdbc.sql(
                        "select task_instance from scheduled_tasks where task_name = 'reprocess' order by task_instance desc")
                .query(String.class)
                .list();
    }

    /// A worker takes a job up.
    void pick(String instance) {
        jdbc.sql("update scheduled_tasks set picked = true, picked_by = 'w' where task_instance = :instance")
                .param("instance", instance)
                .update();
    }

    void succeed(String instance) {
        jdbc.sql("delete from scheduled_tasks where task_name = 'reprocess' and task_instance = :instance")
                .param("instance", instance)
                .update();
        jdbc.sql("delete from dead_job where instance = :instance")
                .param("instance", instance)
                .update();
    }

    void fail(String instance) {
        succeed(instance);
        jdbc.sql("insert into dead_job values ('reprocess', :instance, 'content-corrupt', 'trace', 1, now())")
                .param("instance", instance)
                .update();
    }

    void succeedAll() {
        queue().forEach(this::succeed);
    }

    private static final class Shared {
        static final BackfillServer SERVER = new BackfillServer();
    }
}
