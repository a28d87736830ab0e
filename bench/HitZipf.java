import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// Requests over many objects whose popularity falls off as in Zipf's law, with a cache that holds a tenth of
/// them.
final class HitZipf {
    private static final int OBJECTS = 100_000;
    private static final double EXPONENT = 1.0;
    private static final int TRACE = 1_000_000;
    private static final int WARM_UP_SECONDS = 40;
    private static final int SECONDS = 40;
    /// What an entry costs beside its bytes, as in the cache itself.
    private static final int OVERHEAD = 2_048;
    /// File systems allow fewer links to a file than there are objects.
    private static final int LINKS = 20_000;

    private HitZipf() {}

    static Map<String, Object> run(Path folder) throws Exception {
        Path picture = folder.resolve("zipf.jpg");
        Files.copy(folder.resolve("noise-24.jpg"), picture);
        // The size of the cache depends on that of the objects, which the first server tells.
        long bytes;
        try (BenchServer server = BenchServer.start(Map.of())) {
            bytes = smallest(server.upload(picture).asset()).path("bytes").asLong();
        }
        long megabytes = Math.max(1, OBJECTS / 10 * (bytes + OVERHEAD) >> 20);
        try (BenchServer server = BenchServer.start(Map.of(
                "SAFELIGHT_DELIVERY_MEMORYCACHE", megabytes + "MB",
                "SAFELIGHT_JAVA_OPTS", "-XX:+UseSerialGC -Xmx1g"))) {
            JsonNode asset = server.upload(picture).asset();
            String[] paths = multiply(server, smallest(asset));
            Path script = trace(folder, paths);
            System.err.printf("Zipf trace: %d objects of %d bytes, a cache of %d MB%n", OBJECTS, bytes, megabytes);
            Wrk.run(server.url(), 32, WARM_UP_SECONDS, List.of(), "-s", script.toString());
            double[] before = counters(server);
            Wrk run = Wrk.run(server.url(), 32, SECONDS, List.of(), "-s", script.toString());
            double[] after = counters(server);
            double requests = after[0] - before[0] + after[1] - before[1];
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("zipf_objects", OBJECTS);
            result.put("zipf_exponent", EXPONENT);
            result.put("zipf_hit_ratio", Spread.round(1 - (after[2] - before[2]) / requests, 3));
            result.put("zipf_best_ratio", Spread.round(best(), 3));
            result.put("zipf_unasked_ratio", Spread.round((after[0] - before[0]) / requests, 3));
            result.put("zipf_origin_per_second", Math.round((after[2] - before[2]) / SECONDS));
            result.put("zipf_rps", Math.round(run.perSecond()));
            result.put("zipf_failures", run.failures());
            return result;
        }
    }

    private static JsonNode smallest(JsonNode asset) {
        return asset.path("variants").valueStream()
                .min((a, b) -> Long.compare(a.path("bytes").asLong(), b.path("bytes").asLong()))
                .orElseThrow();
    }

    /// Enters the same variant many times under other addresses, each with an object of its own.
    private static String[] multiply(BenchServer server, JsonNode variant) throws Exception {
        String url = variant.path("url").asString();
        String path = url.substring(url.indexOf("/media/"));
        String key = "processed/" + path.substring("/media/".length());
        String base = key.substring(0, key.lastIndexOf('/') + 1);
        String ending = key.substring(key.lastIndexOf('.'));
        Path bucket = server.data().resolve("store/objects/processed");
        Path source = bucket.resolve(key);
        String[] paths = new String[OBJECTS];
        for (int number = 0; number < OBJECTS; number++) {
            Path object = bucket.resolve(base + "z" + number + ending);
            if (number % LINKS == 0) {
                source = Files.copy(bucket.resolve(key), object, StandardCopyOption.COPY_ATTRIBUTES);
            } else {
                Files.createLink(object, source);
            }
            paths[number] = "/media/" + (base + "z" + number + ending).substring("processed/".length());
        }
        try (Connection database = connect(server);
                PreparedStatement insert = database.prepareStatement("""
                        insert into variant (asset_id, version, name, format, width, height, bytes, bucket, key, object_key,
                                             etag, recipe, created_at, purpose)
                        select asset_id, version, 'z' || n, format, width, height, bytes, bucket, ? || n || ?, ? || n || ?,
                               etag, recipe, created_at, purpose
                        from variant, generate_series(0, ? - 1) n where key = ?
                        """)) {
            insert.setString(1, base + "z");
            insert.setString(2, ending);
            insert.setString(3, base + "z");
            insert.setString(4, ending);
            insert.setInt(5, OBJECTS);
            insert.setString(6, key);
            if (insert.executeUpdate() != OBJECTS) {
                throw new IllegalStateException("not all objects were entered");
            }
        }
        return paths;
    }

    private static Connection connect(BenchServer server) throws Exception {
        Path folder = server.data().resolve("postgres");
        String port = Files.readAllLines(folder.resolve("data/postmaster.pid")).get(3).strip();
        String password = Files.readString(folder.resolve("password")).strip();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", password);
    }

    /// A script for wrk that asks for one path after the other, each as often as its rank says.
    private static Path trace(Path folder, String[] paths) throws Exception {
        double[] upTo = cumulative();
        Random random = new Random(1);
        Integer[] ranks = new Integer[OBJECTS];
        Arrays.setAll(ranks, i -> i);
        // Neighbours in rank are no neighbours by name.
        java.util.Collections.shuffle(Arrays.asList(ranks), random);
        Path list = folder.resolve("trace");
        try (BufferedWriter out = Files.newBufferedWriter(list)) {
            for (int i = 0; i < TRACE; i++) {
                int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[OBJECTS - 1]);
                int rank = Math.min(OBJECTS - 1, found < 0 ? -found - 1 : found);
                out.write(paths[ranks[rank]]);
                out.write('\n');
            }
        }
        return Files.writeString(folder.resolve("trace.lua"), """
                local paths, n, i = {}, 0, 0
                for line in io.lines("%s") do n = n + 1; paths[n] = line end
                request = function() i = i %% n + 1; return wrk.format("GET", paths[i]) end
                """.formatted(list));
    }

    private static double[] cumulative() {
        double[] upTo = new double[OBJECTS];
        double sum = 0;
        for (int rank = 0; rank < OBJECTS; rank++) {
            sum += 1 / Math.pow(rank + 1, EXPONENT);
            upTo[rank] = sum;
        }
        return upTo;
    }

    /// Of a cache that always holds the most popular tenth.
    private static double best() {
        double[] upTo = cumulative();
        return upTo[OBJECTS / 10 - 1] / upTo[OBJECTS - 1];
    }

    /// Hits without asking anybody, other requests, loads from the store.
    private static double[] counters(BenchServer server) throws Exception {
        String metrics = server.text("/actuator/prometheus");
        return new double[] {
            metric(metrics, "safelight_delivery_hits_total"),
            metric(metrics, "safelight_delivery_misses_total"),
            metric(metrics, "safelight_delivery_loads_total")
        };
    }

    private static double metric(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
