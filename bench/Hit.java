import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;

/// CPU of the server, requests a second and latency of answers from memory, beside the same answers of nginx and Varnish in
/// the same run. The last line of stdout is one JSON object.
final class Hit {
    private static final int SECONDS = setting("SAFELIGHT_BENCH_SECONDS", 3);
    private static final int ROUNDS = setting("SAFELIGHT_BENCH_ROUNDS", 3);
    private static final int WARM_UP_SECONDS = 10;
    private static final int FEW = 64;
    private static final int MANY = 512;
    private static final String SMALL = "1k";
    private static final String MIDDLE = "20k";
    private static final String LARGE = "500k";

    private final Path folder;
    private final BenchServer server;
    private final String secureUrl;
    private final List<HitPeer> peers;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private Hit(Path folder, BenchServer server, String secureUrl, List<HitPeer> peers) {
        this.folder = folder;
        this.server = server;
        this.secureUrl = secureUrl;
        this.peers = peers;
    }

    /// @param cpuMicros of the server for each request
    private record Sample(double cpuMicros, double perSecond, double p99Millis, long failures) {}

    @FunctionalInterface
    private interface Cpu {
        double millis() throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
        Path project = Path.of(System.getProperty("safelight.project"));
        Path folder = Files.createTempDirectory(Files.createDirectories(project.resolve("target")), "hit-");
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        certify(certificate, key);
        int securePort = HitPeer.freePort();
        Map<String, String> settings = Map.of(
                "SAFELIGHT_TLS_CERTIFICATE", certificate.toString(),
                "SAFELIGHT_TLS_KEY", key.toString(),
                "SAFELIGHT_TLS_PORT", String.valueOf(securePort));
        try (BenchServer server = BenchServer.start(settings)) {
            Map<String, String> paths = upload(server, folder);
            Path root = Files.createDirectories(folder.resolve("root"));
            for (String path : paths.values()) {
                Path file = root.resolve(path.substring(1));
                Files.createDirectories(file.getParent());
                Files.write(file, get(server.url() + path));
            }
            try (HitPeer nginx = HitPeer.nginxFiles(folder.resolve("nginx"), root, certificate, key);
                    HitPeer cache = HitPeer.nginxCache(folder.resolve("cache"), server.url());
                    HitPeer varnish = HitPeer.varnish(folder.resolve("varnish"), server.url())) {
                Hit hit = new Hit(
                        folder, server, "https://127.0.0.1:" + securePort, List.of(nginx, cache, varnish));
                hit.measure(paths);
                hit.report(paths, HitZipf.run(folder));
            }
        } finally {
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
    }

    private static void certify(Path certificate, Path key) throws Exception {
        Process made = new ProcessBuilder(
                        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "30", "-subj", "/CN=localhost", "-keyout", key.toString(), "-out", certificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (made.waitFor() != 0) {
            throw new IOException("openssl could not make a certificate");
        }
    }

    /// Uploads noisy pictures until there are variants of about the sizes wanted.
    private static Map<String, String> upload(BenchServer server, Path folder) throws Exception {
        Map<Long, String> known = new LinkedHashMap<>();
        for (int noise : new int[] {0, 24, 96}) {
            Path file = draw(folder.resolve("noise-" + noise + ".jpg"), noise);
            JsonNode asset = server.upload(file).asset();
            for (JsonNode variant : asset.path("variants")) {
                String url = variant.path("url").asString();
                known.put(variant.path("bytes").asLong(), url.substring(url.indexOf("/media/")));
            }
        }
        Map<String, String> paths = new LinkedHashMap<>();
        Map<String, Long> wanted = new LinkedHashMap<>();
        wanted.put(SMALL, 1_000L);
        wanted.put(MIDDLE, 20_000L);
        wanted.put(LARGE, 500_000L);
        wanted.forEach((name, bytes) -> {
            long nearest = known.keySet().stream()
                    .min(Comparator.comparingDouble(size -> Math.abs(Math.log((double) size / bytes))))
                    .orElseThrow();
            System.err.printf("%s is a variant of %d bytes%n", name, nearest);
            paths.put(name, known.get(nearest));
        });
        return paths;
    }

    private static Path draw(Path file, int noise) throws IOException {
        BufferedImage image = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(noise);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int grey = 60 + x / 16 + (noise == 0 ? 0 : random.nextInt(noise));
                image.setRGB(x, y, grey << 16 | grey << 8 | grey);
            }
        }
        ImageIO.write(image, "jpg", file.toFile());
        return file;
    }

    private static byte[] get(String url) throws IOException, InterruptedException {
        return BenchServer.HTTP
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private static String etag(String url) throws IOException, InterruptedException {
        return BenchServer.HTTP
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    private void measure(Map<String, String> paths) throws Exception {
        System.err.printf("Warming up for %d s%n", WARM_UP_SECONDS);
        Wrk.run(server.url() + paths.get(MIDDLE), FEW, WARM_UP_SECONDS, List.of());
        Wrk.run(secureUrl + paths.get(MIDDLE), FEW, WARM_UP_SECONDS, List.of());
        for (int round = 0; round < ROUNDS; round++) {
            for (int connections : new int[] {FEW, MANY}) {
                for (String size : paths.keySet()) {
                    inTurn(size, paths.get(size), connections, List.of());
                }
                inTurn("304", paths.get(MIDDLE), connections, null);
                inTurn("range", paths.get(LARGE), connections, List.of("Range: bytes=1000-20999"));
            }
            take("safelight", "tls20k", FEW, secureUrl + paths.get(MIDDLE), List.of(), () -> cpuOf(server));
            HitPeer nginx = peers.getFirst();
            take("nginx", "tls20k", FEW, nginx.secureUrl() + paths.get(MIDDLE), List.of(), nginx::cpuMillis);
        }
    }

    /// @param fields null to ask whether the answer has changed
    private void inTurn(String name, String path, int connections, List<String> fields) throws Exception {
        take("safelight", name, connections, server.url() + path,
                fields == null ? List.of("If-None-Match: " + etag(server.url() + path)) : fields, () -> cpuOf(server));
        for (HitPeer peer : peers) {
            take(peer.name(), name, connections, peer.url() + path,
                    fields == null ? List.of("If-None-Match: " + etag(peer.url() + path)) : fields, peer::cpuMillis);
        }
    }

    /// Of the server alone: the database has no part in hits.
    private static double cpuOf(BenchServer server) throws IOException {
        return KernelAccounts.cpuMillis(server.pid(), false);
    }

    private void take(String who, String what, int connections, String url, List<String> fields, Cpu cpu)
            throws Exception {
        double before = cpu.millis();
        Wrk run = Wrk.run(url, connections, SECONDS, fields);
        double spent = cpu.millis() - before;
        Sample sample = new Sample(spent * 1000 / run.requests(), run.perSecond(), run.p99Millis(), run.failures());
        samples.computeIfAbsent(who + " " + what + " " + connections, _ -> new ArrayList<>()).add(sample);
        System.err.printf(
                "%-12s %-7s %3d connections  %6.1f µs CPU  %8.0f/s  p99 %6.1f ms  %d failures%n",
                who, what, connections, sample.cpuMicros(), sample.perSecond(), sample.p99Millis(), sample.failures());
    }

    private double median(String who, String what, int connections, java.util.function.ToDoubleFunction<Sample> of) {
        return Spread.of(samples.get(who + " " + what + " " + connections).stream()
                        .map(of::applyAsDouble)
                        .toList())
                .at(0.5);
    }

    private void report(Map<String, String> paths, Map<String, Object> zipf) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "hit");
        result.put("seconds", SECONDS);
        result.put("rounds", ROUNDS);
        for (String what : Stream.concat(paths.keySet().stream(), Stream.of("304", "range")).toList()) {
            for (int connections : new int[] {FEW, MANY}) {
                String end = connections == FEW ? "" : "_c" + connections;
                double own = median("safelight", what, connections, Sample::cpuMicros);
                result.put("hit" + what + end + "_cpu_us", Spread.round(own, 1));
                for (HitPeer peer : peers) {
                    result.put("hit%s%s_cpu_vs_%s".formatted(what, end, peer.name()),
                            Spread.round(own / median(peer.name(), what, connections, Sample::cpuMicros), 2));
                }
                result.put("hit%s%s_rps_vs_nginx".formatted(what, end),
                        Spread.round(median("safelight", what, connections, Sample::perSecond)
                                / median("nginx", what, connections, Sample::perSecond), 2));
            }
            double p99 = median("safelight", what, MANY, Sample::p99Millis);
            result.put("hit" + what + "_c512_p99_ms", Spread.round(p99, 1));
            result.put("hit" + what + "_c512_p99_vs_nginx",
                    Spread.round(p99 / median("nginx", what, MANY, Sample::p99Millis), 2));
        }
        result.put("tls20k_cpu_vs_nginx",
                Spread.round(median("safelight", "tls20k", FEW, Sample::cpuMicros)
                        / median("nginx", "tls20k", FEW, Sample::cpuMicros), 2));
        result.put("rss_mb", server.memory("VmRSS"));
        for (HitPeer peer : peers) {
            result.put(peer.name() + "_rss_mb", peer.residentMegabytes());
        }
        result.put("failures", samples.values().stream().flatMap(List::stream).mapToLong(Sample::failures).sum());
        result.putAll(zipf);
        System.out.println(BenchServer.JSON.writeValueAsString(result));
    }

    static int setting(String name, int standard) {
        String value = System.getenv(name);
        return value == null ? standard : Integer.parseInt(value);
    }
}
