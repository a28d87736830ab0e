import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Measures `safelight upload --no-wait` against `aws s3 cp --recursive`: the same files into the same store, both with
/// their own start, in alternating order. Ours ends when the server has verified each file and knows it as an asset, the
/// other when the store has the bytes.
///
/// The last line of stdout is one JSON object.
final class Upload {
    private static final int SMALL = 2000;
    private static final long SMALL_BYTES = 20_000;
    private static final int LARGE = 20;
    private static final long LARGE_BYTES = 200_000_000;
    private static final int LARGE_ROUNDS = 2;
    private static final int PICTURES = 200;
    private static final int GRANTS = 2000;
    private static final int BATCH = 100;
    private static final long NEEDED_BYTES = 15_000_000_000L;

    private static final Map<String, String> SETTINGS = Map.of(
            "SAFELIGHT_UPLOAD_POLICIES_PRODUCT_TYPES", "pdf,mp4,jpeg",
            "SAFELIGHT_UPLOAD_POLICIES_PRODUCT_MAXBYTES", "1GB",
            "SAFELIGHT_UPLOAD_MAXOPEN", "1000000",
            "SAFELIGHT_UPLOAD_GRANTSPERMINUTE", "1000000",
            "SAFELIGHT_UPLOAD_RECONCILEAFTER", "1h");

    private final Path project = Path.of(System.getProperty("safelight.project"));
    private final BenchServer server;
    private final Map<String, Double> peakMegabytes = new LinkedHashMap<>();

    private Upload(BenchServer server) {
        this.server = server;
    }

    /// What one run of a program took.
    record Run(double seconds, double cpuSeconds) {}

    /// A pair of runs.
    record Pair(Run ours, Run theirs) {
        double ratio() {
            return ours.seconds() / theirs.seconds();
        }

        double cpuRatio() {
            return ours.cpuSeconds() / theirs.cpuSeconds();
        }
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        boolean withLarge = !"0".equals(System.getenv("SAFELIGHT_BENCH_LARGE"));
        Path target = Path.of(System.getProperty("safelight.project"), "target");
        if (withLarge && Files.getFileStore(target).getUsableSpace() < NEEDED_BYTES) {
            System.err.println("Too little room for the large files: they are left out.");
            withLarge = false;
        }
        Path files = Files.createTempDirectory(target, "bench-files-");
        try (BenchServer server = BenchServer.start(SETTINGS)) {
            new Upload(server).measure(files, rounds, withLarge);
        } finally {
            UploadFiles.delete(files);
        }
    }

    private void measure(Path files, int rounds, boolean withLarge) throws Exception {
        Path small = UploadFiles.documents(files.resolve("small"), SMALL, SMALL_BYTES, "pdf");
        pair("warm-up", small, true);
        List<Pair> smallPairs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            smallPairs.add(pair("small " + (round + 1), small, round % 2 == 0));
        }
        double grantMillis = grants();
        Run pictures = ours("pictures", UploadFiles.pictures(files.resolve("pictures"), PICTURES), true);
        List<Pair> largePairs = new ArrayList<>();
        if (withLarge) {
            Path large = UploadFiles.documents(files.resolve("large"), LARGE, LARGE_BYTES, "mp4");
            for (int round = 0; round < LARGE_ROUNDS; round++) {
                largePairs.add(pair("large " + (round + 1), large, round % 2 == 0));
            }
        }
        report(smallPairs, largePairs, grantMillis, pictures);
    }

    private Pair pair(String name, Path folder, boolean oursFirst) throws Exception {
        Run first = oursFirst ? ours(name, folder, false) : theirs(name, folder);
        settle();
        Run second = oursFirst ? theirs(name, folder) : ours(name, folder, false);
        settle();
        Pair pair = oursFirst ? new Pair(first, second) : new Pair(second, first);
        System.out.printf("%-10s ours %6.1f s (CPU %6.1f s)   aws %6.1f s (CPU %6.1f s)   ratio %.3f, of CPU %.3f%n",
                name, pair.ours().seconds(), pair.ours().cpuSeconds(), pair.theirs().seconds(), pair.theirs().cpuSeconds(),
                pair.ratio(), pair.cpuRatio());
        return pair;
    }

    private Run ours(String name, Path folder, boolean waits) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                project.resolve("safelight").toString(), "upload", folder.toString(), "--data", server.data().toString(),
                "--journal", Files.createTempDirectory(server.data(), "journal").resolve("j").toString(), "--again", "--quiet",
                "--parallel", "10"));
        if (!waits) {
            command.add("--no-wait");
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        // 1: the documents are refused after they have arrived, some of them before the end of the run.
        return run("cli", builder, List.of(0, 1));
    }

    private Run theirs(String name, Path folder) throws Exception {
        Properties keys = new Properties();
        try (InputStream in = Files.newInputStream(server.data().resolve("store/keys.properties"))) {
            keys.load(in);
        }
        String place = "s3://raw/bench/%s/".formatted(UUID.randomUUID());
        ProcessBuilder builder = new ProcessBuilder(System.getProperty("safelight.bench.aws"), "--endpoint-url", store(), "s3",
                "cp", "--recursive", "--only-show-errors", folder.toString(), place);
        builder.environment().putAll(Map.of(
                "AWS_ACCESS_KEY_ID", keys.getProperty("admin.access"),
                "AWS_SECRET_ACCESS_KEY", keys.getProperty("admin.secret"),
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_EC2_METADATA_DISABLED", "true"));
        return run("aws", builder, List.of(0));
    }

    /// The store's address, which the server's log tells.
    private String store() throws IOException {
        Matcher matcher = Pattern.compile("object store listens on (http://\\S+)")
                .matcher(Files.readString(server.data().resolve("log")));
        if (!matcher.find()) {
            throw new IOException("the log does not tell where the store listens");
        }
        return matcher.group(1);
    }

    /// CPU is that of the program and of the server with its database, from the start of the program to its end.
    private Run run(String name, ProcessBuilder builder, List<Integer> fine) throws Exception {
        double serverBefore = server.cpuMillis();
        long began = System.nanoTime();
        Process process = builder.redirectErrorStream(true).redirectOutput(server.data().resolve("out").toFile()).start();
        double own = 0;
        while (process.isAlive()) {
            own = Math.max(own, KernelAccounts.cpuMillis(process.pid(), true));
            peak(name, process.pid());
            Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        if (!fine.contains(process.exitValue())) {
            throw new IOException(builder.command() + " ended with " + process.exitValue() + ": "
                    + Files.readString(server.data().resolve("out")));
        }
        return new Run(seconds, (own + server.cpuMillis() - serverBefore) / 1000);
    }

    private void peak(String name, long process) {
        try {
            peakMegabytes.merge(name, (double) KernelAccounts.peakMegabytes(process), Math::max);
        } catch (IOException | RuntimeException ended) {
            // What was seen before counts.
        }
    }

    /// Waits until the server rests, and frees the disk: nothing of a run is to be work or room of the next one.
    private void settle() throws Exception {
        double before = server.cpuMillis();
        double now;
        while (true) {
            Thread.sleep(1000);
            now = server.cpuMillis();
            if (now - before < 60) {
                break;
            }
            before = now;
        }
        Path objects = server.data().resolve("store/objects/raw");
        for (String folder : List.of("raw", "bench")) {
            UploadFiles.delete(objects.resolve(folder));
        }
    }

    /// CPU of the server's process for one grant, in batches as the command line asks for them, without any bytes sent.
    private double grants() throws Exception {
        grants(500);
        double before = KernelAccounts.cpuMillis(server.pid(), false);
        grants(GRANTS);
        double millis = (KernelAccounts.cpuMillis(server.pid(), false) - before) / GRANTS;
        System.out.printf("%d grants: %.2f ms of the server's CPU each%n", GRANTS, millis);
        return millis;
    }

    private void grants(int count) throws Exception {
        for (int sent = 0; sent < count; sent += BATCH) {
            List<Map<String, Object>> orders = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                orders.add(Map.of("fileName", "g.pdf", "contentType", "application/pdf", "size", 20_000,
                        "idempotencyKey", UUID.randomUUID().toString()));
            }
            server.api("/v1/uploads/batch", BenchServer.JSON.writeValueAsString(Map.of("uploads", orders)));
        }
    }

    private void report(List<Pair> small, List<Pair> large, double grantMillis, Run pictures) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "upload");
        result.put("rounds", small.size());
        result.put("bulk_small_vs_awscli", median(small.stream().map(Pair::ratio).toList()));
        result.put("bulk_small_cpu_vs_awscli", median(small.stream().map(Pair::cpuRatio).toList()));
        result.put("bulk_small_files_per_second", median(small.stream().map(pair -> SMALL / pair.ours().seconds()).toList()));
        if (!large.isEmpty()) {
            result.put("bulk_large_vs_awscli", median(large.stream().map(Pair::ratio).toList()));
            result.put("bulk_large_cpu_vs_awscli", median(large.stream().map(Pair::cpuRatio).toList()));
        }
        result.put("pictures_ready_per_second", Spread.round(PICTURES / pictures.seconds(), 3));
        result.put("grant_cpu_ms", Spread.round(grantMillis, 3));
        result.put("peak_rss_mb", server.memory("VmHWM"));
        result.put("cli_peak_rss_mb", peakMegabytes.get("cli"));
        result.put("awscli_peak_rss_mb", peakMegabytes.get("aws"));
        System.out.println(BenchServer.JSON.writeValueAsString(result));
    }

    private static double median(List<Double> values) {
        return Spread.round(Spread.of(values).at(0.5), 3);
    }
}
