package dev.safelight.e2e;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Bucket;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.CephFleet;
import dev.safelight.testing.ExternalS3;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Three workers on a distributed store are killed at random while a bulk import goes on: nothing is lost and nothing
/// is done twice.
///
/// `-Dsafelight.kill.files` and `-Dsafelight.kill.kills` make it longer, `-Dsafelight.kill.seed` draws the same
/// moments.
@ExtendWith(ShowServerLog.class)
@EnabledIfEnvironmentVariable(named = ExternalS3.ENDPOINT, matches = ".+")
@Tag("ceph")
class KilledWorkersIT {
    private static final int FILES = Integer.getInteger("safelight.kill.files", 40);
    private static final int KILLS = Integer.getInteger("safelight.kill.kills", 10);
    private static final int WORKERS = 3;
    /// A picture takes about as long, so that kills meet all steps.
    private static final int LONGEST_STEP_MILLIS = 1_000;

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int DAMAGED_EACH = 10;
    private static final int CLIENTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final byte[] good = Pictures.jpeg(1600, 1200);
    private final byte[] damaged = Arrays.copyOf(good, good.length / 2);
    private final Map<String, String> expected = new ConcurrentHashMap<>();
    private final Map<String, String> spaces = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    @Test
    void losesAndDoublesNothingWhateverWorkerIsKilled() throws Exception {
        long seed = Long.getLong("safelight.kill.seed", System.nanoTime());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        String buckets = "killed-" + UUID.randomUUID().toString().substring(0, 8);
        long started = System.nanoTime();
        try (CephFleet fleet = CephFleet.in(folder, buckets)
                .with("SAFELIGHT_UPLOAD_RECONCILEAFTER", "2s")
                .with("SAFELIGHT_UPLOAD_RECONCILEPAUSE", "2s")
                .with("SAFELIGHT_JOBS_HEARTBEAT", "1s")) {
            assertThat(fleet.command("storage", "apply", "--yes").exitCode()).isZero();
            SafelightProcess api = fleet.serve("api", "api");
            try (ApiUser admin = api.admin()) {
                importWhileKilling(admin, fleet, random);
                awaitEmptyQueue(fleet);
                checkOutcomes(fleet.sql());
                checkStore(fleet);
                checkDelivery(admin, fleet.serve("delivery", "delivery"), api.adminKey());
            }
            assertThat(fleet.command("storage", "check").exitCode()).isZero();
            long lost = count(fleet.sql(), "select count(*) from job_run where outcome = 'LOST'");
            assertThat(lost).as("attempts that were cut off").isGreaterThan(KILLS / 4);
            System.out.printf(
                    "killed workers: seed=%d files=%d kills=%d lost=%d took=%ds%n",
                    seed,
                    FILES,
                    KILLS,
                    lost,
                    Duration.ofNanos(System.nanoTime() - started).toSeconds());
        }
    }

    private void upload(ApiUser admin, int number) {
        boolean bad = number % DAMAGED_EACH == 0;
        byte[] file = bad ? damaged : good;
        String space = number % 3 == 0 ? "user" : "product";
        Grant grant = admin.grant(
                UploadOrder.jpeg("file-%04d.jpg".formatted(number), file.length).with("space", space));
        Reply stored = admin.sendForm(grant, file);
        assertThat(stored.status()).as(stored.text()).isIn(200, 201, 204);
        spaces.put(grant.assetId(), space);
        expected.put(grant.assetId(), bad ? "REJECTED corrupt" : "READY");
    }

    /// Before each kill some more files come, so that there is work in the middle of which it happens.
    private void importWhileKilling(ApiUser admin, CephFleet fleet, RandomGenerator random) throws Exception {
        List<SafelightProcess> workers = new ArrayList<>();
        for (int number = 0; number < WORKERS; number++) {
            workers.add(fleet.launch("worker-" + number, "worker"));
        }
        for (int kill = 0; kill < KILLS; kill++) {
            upload(admin, (int) ((long) kill * FILES / KILLS), (int) ((kill + 1L) * FILES / KILLS));
            List<Integer> busy = await("a worker at work")
                    .pollInterval(LOOK)
                    .atMost(PATIENCE)
                    .until(() -> atWork(fleet, workers), found -> !found.isEmpty());
            Thread.sleep(random.nextInt(LONGEST_STEP_MILLIS));
            int number = busy.get(random.nextInt(busy.size()));
            workers.get(number).kill();
            workers.set(number, fleet.launch("worker-" + number, "worker"));
        }
    }

    private void upload(ApiUser admin, int from, int to) throws Exception {
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (Future<?> upload : IntStream.range(from, to)
                    .<Future<?>>mapToObj(number -> clients.submit(() -> upload(admin, number)))
                    .toList()) {
                upload.get();
            }
        }
    }

    private static List<Integer> atWork(CephFleet fleet, List<SafelightProcess> workers) {
        List<String> names = fleet.sql()
                .sql("select picked_by from scheduled_tasks where picked and task_instance <> 'recurring'")
                .query(String.class)
                .list();
        return IntStream.range(0, workers.size())
                .filter(number -> {
                    String pid = "-" + workers.get(number).pid() + "-";
                    return names.stream().anyMatch(name -> name.contains(pid));
                })
                .boxed()
                .toList();
    }

    private static void awaitEmptyQueue(CephFleet fleet) {
        await("an empty queue").atMost(PATIENCE).until(() -> count(fleet.sql(), """
                select (select count(*) from scheduled_tasks where task_instance <> 'recurring')
                     + (select count(*) from asset_version where status in ('PENDING', 'PROCESSING'))
                """) == 0);
    }

    private void checkOutcomes(JdbcClient sql) {
        Map<String, String> outcomes = sql
                .sql("select asset_id, trim(status || ' ' || coalesce(reason, '')) as outcome from asset_version")
                .query((row, number) -> Map.entry(row.getString("asset_id"), row.getString("outcome")))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(new TreeMap<>(outcomes)).isEqualTo(new TreeMap<>(expected));
        assertThat(count(sql, "select count(*) from dead_job")).as("dead jobs").isZero();
        assertThat(count(sql, "select count(*) from upload where state <> 'RECEIVED'"))
                .as("uploads that are not settled")
                .isZero();
    }

    /// Store and catalogue agree, in both directions and in the sizes.
    private static void checkStore(CephFleet fleet) {
        Map<String, Long> known = fleet
                .sql()
                .sql("""
                select lower(bucket) || ':' || object_key as object, bytes from variant
                union all
                select 'raw:' || object_key, bytes from upload
                """)
                .query((row, number) -> Map.entry(row.getString("object"), row.getLong("bytes")))
                .list()
                .stream()
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<String, Long> stored = new TreeMap<>();
        try (S3Client client = ExternalS3.client(ExternalS3.owner())) {
            for (Bucket bucket : Bucket.values()) {
                String name = ExternalS3.names(fleet.buckets()).get(bucket);
                for (S3Object object :
                        client.listObjectsV2Paginator(b -> b.bucket(name)).contents()) {
                    stored.put(bucket.text() + ":" + object.key(), object.size());
                }
            }
        }
        assertThat(difference(stored.keySet(), known.keySet()))
                .as("objects that nothing knows")
                .isEmpty();
        assertThat(difference(known.keySet(), stored.keySet()))
                .as("objects that are lost")
                .isEmpty();
        assertThat(stored).isEqualTo(new TreeMap<>(known));
    }

    /// What the workers stored is what the keys of delivery can read, and no more than that.
    private void checkDelivery(ApiUser admin, SafelightProcess delivery, String key) {
        try (ApiUser reader = new ApiUser(delivery.url(), key)) {
            String product = ready("product");
            String media = mediaPath(admin, product);
            reader.anonymous().get(media).expect(200);
            reader.anonymous().get("/images/" + product + "?width=96").expect(200);
            String user = ready("user");
            String pending = mediaPath(admin, product).replace(product, user);
            reader.get(pending).expect(404);
            reader.get("/images/" + user + "?width=96").expect(404);
            admin.post("/v1/assets/" + user + "/moderation", "{\"status\":\"approved\",\"version\":1}")
                    .expect(200);
            reader.anonymous().get(pending).expect(404);
            // The store opens, object by object, once a worker has told it.
            await().atMost(PATIENCE).until(() -> reader.get(pending).status() == 200);
            await().atMost(PATIENCE)
                    .until(() -> reader.get("/images/" + user + "?width=96").status() == 200);
        }
    }

    private String ready(String space) {
        return expected.entrySet().stream()
                .filter(each -> each.getValue().equals("READY"))
                .map(Map.Entry::getKey)
                .filter(asset -> space.equals(spaces.get(asset)))
                .findFirst()
                .orElseThrow();
    }

    private static String mediaPath(ApiUser admin, String asset) {
        String url = admin.asset(asset).at("/variants/0/url").asString();
        return url.substring(url.indexOf("/media/"));
    }

    private static Set<String> difference(Set<String> all, Set<String> without) {
        return new TreeSet<>(all.stream().filter(one -> !without.contains(one)).collect(toSet()));
    }

    private static long count(JdbcClient sql, String query) {
        return sql.sql(query).query(Long.class).single();
    }
}
