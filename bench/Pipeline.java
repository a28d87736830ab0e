import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Measures the whole way from the store's acknowledgement of an upload to READY, one picture after the other, against a
/// server in a process of its own; what the client does is not counted.
///
/// CPU is that of the server's process and of its PostgreSQL, read from the kernel's accounting. The last line of stdout
/// is one JSON object.
final class Pipeline {
    private static final int WARM_UP_ROUNDS = 2;
    private static final int ROUNDS = 3;
    private static final long MIN_PIXELS = 7_600_000;

    private final BenchServer server;

    private Pipeline(BenchServer server) {
        this.server = server;
    }

    /// One picture on its way.
    private record Run(String file, BenchServer.Arrival arrival) {
        double millis() {
            return arrival.millis();
        }

        double cpuMillis() {
            return arrival.cpuMillis();
        }

        JsonNode asset() {
            return arrival.asset();
        }
    }

    public static void main(String[] arguments) throws Exception {
        List<Path> files = Photos.choose(arguments, MIN_PIXELS, Long.MAX_VALUE);
        try (BenchServer server = BenchServer.start(Map.of())) {
            new Pipeline(server).measure(files);
        }
    }

    private void measure(List<Path> files) throws Exception {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            System.err.printf("warm-up %d of %d%n", round + 1, WARM_UP_ROUNDS);
            for (Path file : files) {
                upload(file);
            }
        }
        List<Run> runs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            System.err.printf("round %d of %d%n", round + 1, ROUNDS);
            for (Path file : files) {
                runs.add(upload(file));
            }
        }
        report(files, runs);
    }

    private Run upload(Path file) throws Exception {
        return new Run(file.getFileName().toString(), server.upload(file));
    }

    private void report(List<Path> files, List<Run> runs) throws IOException {
        System.out.printf("%-36s %10s %12s %12s %12s%n", "picture", "ready ms", "CPU ms", "original", "WebP set");
        for (Path file : files) {
            List<Run> own = runs.stream().filter(run -> run.file().equals(file.getFileName().toString())).toList();
            System.out.printf("%-36s %10d %12.0f %12d %12d%n", file.getFileName(),
                    Math.round(median(own.stream().mapToDouble(Run::millis).toArray())),
                    median(own.stream().mapToDouble(Run::cpuMillis).toArray()),
                    own.getFirst().asset().path("originalBytes").asLong(), webp(own.getFirst(), false));
        }
        List<Run> first = runs.subList(0, files.size());
        long originals = first.stream().mapToLong(run -> run.asset().path("originalBytes").asLong()).sum();
        long responsive = first.stream().mapToLong(run -> webp(run, false)).sum();
        long withFull = first.stream().mapToLong(run -> webp(run, true)).sum();
        double[] ready = runs.stream().mapToDouble(Run::millis).toArray();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "pipeline");
        result.put("pictures", files.size());
        result.put("rounds", ROUNDS);
        result.put("ready_p50_ms", Math.round(median(ready)));
        result.put("ready_max_ms", Math.round(Arrays.stream(ready).max().orElseThrow()));
        result.put("cpu_ms_per_image", Math.round(runs.stream().mapToDouble(Run::cpuMillis).average().orElseThrow()));
        result.put("webp_saved_fraction", round(1 - (double) responsive / originals));
        result.put("webp_saved_fraction_with_full_size", round(1 - (double) withFull / originals));
        result.put("peak_rss_mb", KernelAccounts.peakMegabytes(server.pid()));
        System.out.println("webp_saved_fraction: all WebP variants of a picture together, the srcset widths and named sizes, "
                + "against its original; the full-size WebP is counted in the second figure only.");
        System.out.println(BenchServer.JSON.writeValueAsString(result));
    }

    private static long webp(Run run, boolean withFull) {
        return run.asset().path("variants").valueStream()
                .filter(variant -> variant.path("format").asString().equals("webp"))
                .filter(variant -> withFull || !variant.path("name").asString().equals("full"))
                .mapToLong(variant -> variant.path("bytes").asLong())
                .sum();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
