import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// Measures how many pictures a second become READY with 1, 2 and 4 worker processes, each held to one core.
///
/// One process owns database and store, one serves the API, and the workers do nothing but work. All pictures are uploaded
/// before the workers start. Counted is the time between the moments when a fifth and when nine tenths of them are READY, so
/// that neither starts nor the last stragglers count; CPU is that of the kernel's accounting over the whole run without the
/// start. The last line of stdout is one JSON object.
final class Scale {
    private static final int[] WORKERS = {1, 2, 4};
    private static final int PICTURES = Integer.parseInt(System.getenv().getOrDefault("SAFELIGHT_BENCH_PICTURES", "120"));
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final double FIRST = 0.2;
    private static final double LAST = 0.9;
    private static final long MAX_PIXELS = 16_000_000;

    private final BenchServer owner;
    private final List<Path> files;

    private Scale(BenchServer owner, List<Path> files) {
        this.owner = owner;
        this.files = files;
    }

    /// What a number of workers did.
    ///
    /// @param workers CPU milliseconds per picture of all workers together; likewise for the database and the store's process
    /// @param rowBytes of tables and indexes per picture
    /// @param objects in the store per picture, the original included
    record Run(
            int number, double perSecond, double workers, double database, double store, double rowBytes, double objects) {
        double all() {
            return workers + database + store;
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<Path> files = Photos.choose(arguments, 1, MAX_PIXELS);
        List<Run> runs = new ArrayList<>();
        for (int number : WORKERS) {
            // A database and a store of its own for each, so that none is slower for what the one before left.
            try (BenchServer owner = BenchServer.start(Map.of("SAFELIGHT_JOBS_ATONCE", "1"))) {
                runs.add(new Scale(owner, files).measure(number));
            }
        }
        report(files.size(), runs);
    }

    private Run measure(int number) throws Exception {
        System.err.printf("%d workers%n", number);
        execute("postgres", "create database scale");
        List<BenchServer> workers = new ArrayList<>();
        try (BenchServer api = BenchServer.start(settings(), List.of(), List.of("--roles", "api"))) {
            for (int i = 0; i < PICTURES; i++) {
                BenchServer.send(api.grant(files.get(i % files.size())));
            }
            double[] database = new double[2];
            double[] store = new double[2];
            double[] used = new double[2];
            for (int i = 0; i < number; i++) {
                List<String> core = List.of("taskset", "--cpu-list", String.valueOf(i % CORES));
                workers.add(BenchServer.start(settings(), core, List.of("--roles", "worker")));
            }
            account(0, workers, database, store, used);
            int before = ready();
            await(PICTURES);
            account(1, workers, database, store, used);
            // Many workers may be done before the last of them has started: then nothing can be said of their CPU.
            double done = PICTURES - before < PICTURES * FIRST ? Double.NaN : PICTURES - before;
            return new Run(
                    number,
                    throughput(),
                    (used[1] - used[0]) / done,
                    (database[1] - database[0]) / done,
                    (store[1] - store[0]) / done,
                    rowBytes(),
                    number("select count(*) from variant") / PICTURES + 1);
        } finally {
            for (BenchServer worker : workers) {
                worker.close();
            }
        }
    }

    private void account(int moment, List<BenchServer> workers, double[] database, double[] store, double[] used)
            throws IOException {
        for (BenchServer worker : workers) {
            used[moment] += KernelAccounts.cpuMillis(worker.pid(), false);
        }
        store[moment] = KernelAccounts.cpuMillis(owner.pid(), false);
        database[moment] = owner.cpuMillis() - store[moment];
    }

    private void await(int number) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (ready() < number) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("only %d of %d pictures became READY".formatted(ready(), number));
            }
            Thread.sleep(250);
        }
    }

    private int ready() throws SQLException {
        return (int) number("select count(*) from asset_version where status = 'READY'");
    }

    private double rowBytes() throws SQLException {
        return number("""
                select sum(pg_total_relation_size(cast(name as regclass)))
                from unnest(array['asset', 'asset_version', 'variant', 'upload', 'store_event', 'job_run']) name
                """) / PICTURES;
    }

    private double throughput() throws SQLException {
        int first = (int) (PICTURES * FIRST);
        int last = (int) (PICTURES * LAST);
        double seconds = number("""
                select extract(epoch from max(ended_at) - min(ended_at))
                from (select ended_at, row_number() over (order by ended_at) as place from asset_version) as ended
                where place between %d and %d
                """.formatted(first, last));
        return (last - first) / seconds;
    }

    private double number(String query) throws SQLException {
        try (Connection connection = connect("scale");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getDouble(1);
        }
    }

    private void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), "postgres", password());
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + read("postgres/data/postmaster.pid").lines().toList().get(3).strip() + "/"
                + database;
    }

    private String password() {
        return read("postgres/password");
    }

    private String read(String file) {
        try {
            return Files.readString(owner.data().resolve(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Database and store of the owner, as a server elsewhere would be told of them.
    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SPRING_DATASOURCE_URL", url("scale"),
                "SPRING_DATASOURCE_USERNAME", "postgres",
                "SPRING_DATASOURCE_PASSWORD", password(),
                "SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", "8",
                "SAFELIGHT_S3_ENDPOINT", storeUrl(),
                "SAFELIGHT_IMAGE_THREADS", "1",
                "SAFELIGHT_JOBS_ATONCE", "2",
                "SAFELIGHT_UPLOAD_RECONCILEAFTER", "1s",
                "SAFELIGHT_UPLOAD_RECONCILEPAUSE", "1s"));
        Properties keys = new Properties();
        try (Reader in = Files.newBufferedReader(owner.data().resolve("store/keys.properties"))) {
            keys.load(in);
        }
        for (String bucket : List.of("raw", "processed", "user", "marketing")) {
            settings.put("SAFELIGHT_S3_BUCKETS_" + bucket.toUpperCase(Locale.ROOT), bucket);
        }
        for (String role : List.of("uploader", "worker", "delivery", "marketing")) {
            if (keys.containsKey(role + ".access")) {
                String prefix = "SAFELIGHT_S3_KEYS_" + role.toUpperCase(Locale.ROOT);
                settings.put(prefix + "_ACCESSKEY", keys.getProperty(role + ".access"));
                settings.put(prefix + "_SECRETKEY", keys.getProperty(role + ".secret"));
            }
        }
        return settings;
    }

    private String storeUrl() {
        String said = "The object store listens on ";
        Optional<String> line = read("log").lines().filter(one -> one.contains(said)).findFirst();
        String text = line.orElseThrow();
        return text.substring(text.indexOf(said) + said.length()).strip();
    }

    private static void report(int different, List<Run> runs) {
        System.out.printf("%8s %14s %22s %22s %22s%n", "workers", "pictures/s", "CPU ms of the workers", "of PostgreSQL",
                "of the store");
        for (Run run : runs) {
            System.out.printf(Locale.ROOT, "%8d %14.2f %22.1f %22.1f %22.1f%n", run.number(), run.perSecond(),
                    run.workers(), run.database(), run.store());
        }
        Run one = runs.getFirst();
        System.out.printf(Locale.ROOT,
                "%d cores at %.1f ms of CPU a picture, workers, database and store together, carry %.2f pictures/s at best.%n",
                CORES, one.all(), CORES * 1000 / one.all());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "scale");
        result.put("cores", CORES);
        result.put("pictures", PICTURES);
        result.put("different_pictures", different);
        result.put("one_per_second", round(one.perSecond()));
        result.put("two_vs_one", round(runs.get(1).perSecond() / one.perSecond()));
        result.put("four_vs_one", round(runs.get(2).perSecond() / one.perSecond()));
        result.put("worker_cpu_ms", round(one.workers()));
        result.put("database_cpu_ms", round(one.database()));
        result.put("store_cpu_ms", round(one.store()));
        result.put("row_bytes", Math.round(one.rowBytes()));
        result.put("objects", round(one.objects()));
        System.out.println(BenchServer.JSON.writeValueAsString(result));
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
