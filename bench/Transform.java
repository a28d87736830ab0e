import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import tools.jackson.databind.json.JsonMapper;

/// Measures the CPU that a picture on request costs the whole server, as a ratio to ipx and sharp, pair by pair.
///
/// All servers are processes of their own, warm, and asked by the same client, whose CPU does not count. A pair is a round: the
/// same pictures at the same widths, asked of one side right after the other, in turning order. The last line of stdout
/// is one JSON object.
final class Transform {
    private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("SAFELIGHT_BENCH_ROUNDS", "8"));
    private static final int MOST_ROUNDS = 10;
    private static final long MIN_PIXELS = 11_500_000;
    private static final long MAX_PIXELS = 16_500_000;
    private static final List<Integer> WARM_UP_QUALITIES = List.of(80, 78, 82, 84);
    private static final int WARM_UP_WIDTHS = 140;
    private static final int WARM_UP_OTHERS = 14;
    private static final int WARM_UP_SHARP = 2;
    private static final int COLD_WIDTHS = 10;
    private static final int COLD_AVIFS = 2;
    private static final int HITS = 20_000;
    private static final int HITS_OF_PEER = 24;
    private static final int CONNECTIONS = 16;
    private static final int CROWD = 64;
    private static final int CROWDS = 4;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// One comparison.
    private enum Comparison {
        W300_WEBP_COLD,
        W300_WEBP_COLD_DEFAULT,
        W800_AVIF_COLD,
        HOT_HIT;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Pair(Requests.Answers ours, Requests.Answers theirs) {
        double ratio() {
            return ours.cpuMillis() / theirs.cpuMillis();
        }
    }

    private final BenchServer safelight;
    private final PeerServer ipx;
    private final PeerServer sharp;
    private final Requests single = new Requests(1);
    private final Requests several = new Requests(CONNECTIONS);
    private final Requests crowd = new Requests(CROWD);

    /// The file of a picture, and its asset.
    private final Map<Path, String> pictures = new LinkedHashMap<>();

    private Transform(BenchServer safelight, PeerServer ipx, PeerServer sharp) {
        this.safelight = safelight;
        this.ipx = ipx;
        this.sharp = sharp;
    }

    public static void main(String[] arguments) throws Exception {
        if (ROUNDS < 1 || ROUNDS > MOST_ROUNDS) {
            throw new IllegalArgumentException("SAFELIGHT_BENCH_ROUNDS can be 1 to " + MOST_ROUNDS);
        }
        List<Path> files = Photos.choose(arguments, MIN_PIXELS, MAX_PIXELS);
        Path scratch = Files.createTempDirectory("safelight-bench-");
        Path folder = Files.createDirectory(scratch.resolve("pictures"));
        for (Path file : files) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
        Path script = Path.of(System.getProperty("safelight.project"), "bench/peers/sharp.mjs");
        try (BenchServer safelight = BenchServer.start(Map.of("SAFELIGHT_TRANSFORM_UNSIGNED", "any"));
                PeerServer ipx = new PeerServer("ipx", folder);
                PeerServer sharp = new PeerServer("sharp", folder);
                Worker decoder = new Worker(List.of("node", script.toString()), Map.of())) {
            new Transform(safelight, ipx, sharp).run(files, new ImageQuality(decoder, scratch), scratch);
        } finally {
            try (Stream<Path> tree = Files.walk(scratch)) {
                tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
    }

    private void run(List<Path> files, ImageQuality quality, Path scratch) throws Exception {
        System.err.println("Safelight against " + ipx.name + "; AVIF against " + sharp.name);
        for (Path file : files) {
            System.err.println("uploading " + file.getFileName());
            var asset = safelight.upload(file).asset();
            if (asset.path("facts").path("width").asInt() == storedWidth(file)) {
                pictures.put(file, asset.path("id").asString());
            } else {
                System.err.println("left out, as ipx does not turn what is stored lying on its side");
            }
        }
        warmUp();
        Map<Comparison, List<Pair>> pairs = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Comparison comparison : Comparison.values()) {
                System.err.printf("round %d of %d: %s%n", round + 1, ROUNDS, comparison.key());
                pairs.computeIfAbsent(comparison, _ -> new ArrayList<>()).add(measure(comparison, round));
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "transform");
        result.put("pictures", pictures.size());
        result.put("rounds", ROUNDS);
        reportSpeed(pairs, result);
        reportMemory(pairs, result);
        new Likeness(quality, scratch, single).report(pictures.keySet(), likened(), result);
        System.out.println(JSON.writeValueAsString(result));
        Stream.of(single, several, crowd).forEach(Requests::close);
    }

    private static int storedWidth(Path file) throws Exception {
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReaders(in).next();
            reader.setInput(in);
            return reader.getWidth(0);
        }
    }

    /// With widths that are not measured with. A JVM compiles what it runs often for the first thousands of requests.
    private void warmUp() throws Exception {
        for (int quality : WARM_UP_QUALITIES) {
            System.err.println("warm-up with quality " + quality);
            single.send(safelight::cpuMillis, everyPicture(100, 1, WARM_UP_WIDTHS, (file, width) -> ours(file, width, "webp&quality=" + quality)));
            several.send(safelight::cpuMillis, Collections.nCopies(HITS, hot()));
        }
        several.send(safelight::cpuMillis, everyPicture(600, 1, WARM_UP_OTHERS, (file, width) -> ours(file, width, "avif")));
        several.send(ipx::cpuMillis, everyPicture(100, 1, WARM_UP_OTHERS, this::ofIpx));
        several.send(sharp::cpuMillis, everyPicture(600, 1, WARM_UP_SHARP, this::ofSharp));
    }

    private Pair measure(Comparison comparison, int round) throws Exception {
        List<URI> webps = cold(250, COLD_WIDTHS, round, this::ofIpx);
        List<URI> ofOurs = switch (comparison) {
            case W300_WEBP_COLD -> cold(250, COLD_WIDTHS, round, (file, width) -> ours(file, width, "webp&quality=80"));
            case W300_WEBP_COLD_DEFAULT -> cold(250, COLD_WIDTHS, round, (file, width) -> ours(file, width, "webp"));
            case W800_AVIF_COLD -> cold(790, COLD_AVIFS, round, (file, width) -> ours(file, width, "avif"));
            case HOT_HIT -> Collections.nCopies(HITS, hot());
        };
        List<URI> ofTheirs = switch (comparison) {
            case W300_WEBP_COLD, W300_WEBP_COLD_DEFAULT -> webps;
            case W800_AVIF_COLD -> cold(790, COLD_AVIFS, round, this::ofSharp);
            case HOT_HIT -> Collections.nCopies(HITS_OF_PEER, ofIpx(pictures.keySet().iterator().next(), 300));
        };
        Requests client = comparison == Comparison.HOT_HIT ? several : single;
        Requests.Meter peer = comparison == Comparison.W800_AVIF_COLD ? sharp::cpuMillis : ipx::cpuMillis;
        boolean oursFirst = (round + comparison.ordinal()) % 2 == 0;
        Requests.Answers first = oursFirst ? client.send(safelight::cpuMillis, ofOurs) : client.send(peer, ofTheirs);
        Requests.Answers second = oursFirst ? client.send(peer, ofTheirs) : client.send(safelight::cpuMillis, ofOurs);
        return oursFirst ? new Pair(first, second) : new Pair(second, first);
    }

    /// Widths that no other round has, and that are as large on average.
    private List<URI> cold(int from, int count, int round, BiFunction<Path, Integer, URI> address) {
        return everyPicture(from + round, MOST_ROUNDS, count, address);
    }

    private List<URI> everyPicture(int from, int step, int count, BiFunction<Path, Integer, URI> address) {
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            for (Path file : pictures.keySet()) {
                addresses.add(address.apply(file, from + i * step));
            }
        }
        return addresses;
    }

    private URI ours(Path file, int width, String format) {
        return URI.create("%s/images/%s?width=%d&format=%s".formatted(safelight.url(), pictures.get(file), width, format));
    }

    private URI hot() {
        return ours(pictures.keySet().iterator().next(), 300, "webp&quality=80");
    }

    private URI ofIpx(Path file, int width) {
        return ofIpx(file, width, "webp");
    }

    private URI ofIpx(Path file, int width, String format) {
        return URI.create("%s/w_%d,f_%s/%s".formatted(ipx.url, width, format, name(file)));
    }

    private URI ofSharp(Path file, int width) {
        return URI.create("%s/%d/%s".formatted(sharp.url, width, name(file)));
    }

    private static String name(Path file) {
        return URLEncoder.encode(file.getFileName().toString(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void reportSpeed(Map<Comparison, List<Pair>> pairs, Map<String, Object> result) {
        System.out.println("CPU per request, Safelight's as a part of the other's; median of the rounds, half of which lie between the quartiles.");
        System.out.printf("%-24s %7s %15s %15s %9s %9s %15s %15s%n", "", "ratio", "quartiles", "range", "ours ms", "other ms", "ours p50/p99", "other p50/p99");
        pairs.forEach((comparison, rounds) -> {
            Spread ratios = Spread.of(rounds.stream().map(Pair::ratio).toList());
            Spread ours = latencies(rounds.stream().map(Pair::ours).toList());
            Spread theirs = latencies(rounds.stream().map(Pair::theirs).toList());
            System.out.printf("%-24s %7.4f %7.4f–%7.4f %7.4f–%7.4f %9.3f %9.3f %7.1f/%7.1f %7.1f/%7.1f%n", comparison.key(),
                    ratios.at(0.5), ratios.at(0.25), ratios.at(0.75), ratios.at(0), ratios.at(1),
                    Spread.of(rounds.stream().map(pair -> pair.ours().cpuMillis()).toList()).at(0.5),
                    Spread.of(rounds.stream().map(pair -> pair.theirs().cpuMillis()).toList()).at(0.5),
                    ours.at(0.5), ours.at(0.99), theirs.at(0.5), theirs.at(0.99));
            result.put(comparison.key(), Spread.round(ratios.at(0.5), 4));
        });
        List<Requests.Answers> hits = pairs.get(Comparison.HOT_HIT).stream().map(Pair::ours).toList();
        double micros = Spread.of(hits.stream().map(Requests.Answers::cpuMillis).toList()).at(0.5) * 1000;
        double perSecond = Spread.of(hits.stream().map(hit -> HITS / hit.seconds()).toList()).at(0.5);
        System.out.printf("Hot hits are Safelight's from memory; ipx has no cache and makes the picture again. Ours: %.0f µs of CPU, %.0f per second "
                + "over %d connections, the client on the same machine.%n%n", micros, perSecond, CONNECTIONS);
        result.put("hot_hit_cpu_us", Math.round(micros));
        result.put("hot_hit_per_s", Math.round(perSecond));
    }

    private static Spread latencies(List<Requests.Answers> answers) {
        return Spread.of(answers.stream().flatMap(answer -> answer.latencies().stream()).toList());
    }

    /// Peaks are of this part alone, on servers that are warm.
    private void reportMemory(Map<Comparison, List<Pair>> pairs, Map<String, Object> result) throws Exception {
        System.err.println("memory under " + CROWD + " requests at once");
        long wholeRun = KernelAccounts.peakMegabytes(safelight.pid());
        Requests.Answers ours = crowded(safelight.pid(), safelight::cpuMillis, (file, wish) -> ours(file, wish.width(), wish.format()));
        Requests.Answers theirs = crowded(ipx.pid(), ipx::cpuMillis, (file, wish) -> ofIpx(file, wish.width(), wish.format()));
        long own = KernelAccounts.peakMegabytes(safelight.pid());
        long other = KernelAccounts.peakMegabytes(ipx.pid());
        System.out.printf("%d requests at once, of distinct widths and formats: %d MB of memory at most (%d MB in the run before), ipx %d MB; "
                        + "p50/p99 %.0f/%.0f ms, ipx %.0f/%.0f ms; CPU %.1f ms per request, ipx %.1f ms%n%n",
                CROWD, own, wholeRun, other,
                latencies(List.of(ours)).at(0.5), latencies(List.of(ours)).at(0.99),
                latencies(List.of(theirs)).at(0.5), latencies(List.of(theirs)).at(0.99), ours.cpuMillis(), theirs.cpuMillis());
        result.put("peak_rss_mb", own);
        result.put("peak_rss_mb_of_run", Math.max(own, wholeRun));
        result.put("ipx_peak_rss_mb", other);
        List<Pair> all = new ArrayList<>(List.of(new Pair(ours, theirs)));
        pairs.values().forEach(all::addAll);
        result.put("not_200", all.stream().mapToInt(pair -> pair.ours().refused()).sum());
        result.put("peers_not_200", all.stream().mapToInt(pair -> pair.theirs().refused()).sum());
    }

    private record Wish(int width, String format) {}

    private Requests.Answers crowded(long process, Requests.Meter meter, BiFunction<Path, Wish, URI> address) throws Exception {
        List<String> formats = List.of("webp", "avif", "jpeg", "png");
        List<Path> files = List.copyOf(pictures.keySet());
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < CROWD * CROWDS; i++) {
            Wish wish = new Wish(400 + 3 * i, formats.get(i / files.size() % formats.size()));
            addresses.add(address.apply(files.get(i % files.size()), wish));
        }
        KernelAccounts.forgetPeak(process);
        return crowd.send(meter, addresses);
    }

    private List<Likeness.Comparison> likened() {
        return List.of(
                new Likeness.Comparison("w300", file -> ours(file, 300, "webp&quality=80"), file -> ofIpx(file, 300)),
                new Likeness.Comparison("w300_default", file -> ours(file, 300, "webp"), file -> ofIpx(file, 300)),
                new Likeness.Comparison("w800", file -> ours(file, 800, "avif"), file -> ofSharp(file, 800)));
    }
}
