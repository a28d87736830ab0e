import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Measures the CPU of the image engine as a ratio to sharp's, pair by pair, and what both sides make of each picture.
///
/// Each side is a process of its own that is warm and does one thing at a time; its CPU is all that the process used, user
/// and system. A pair is the same picture in the same round, measured one right after the other, in turning order. The last
/// line of stdout is one JSON object.
final class Image {
    /// Until the JVM has compiled what matters, of pictures in all.
    private static final int WARM_UP_PICTURES = 14;
    private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("SAFELIGHT_BENCH_ROUNDS", "5"));
    private static final long MIN_PIXELS = 11_500_000;
    private static final long MAX_PIXELS = 25_000_000;
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// One comparison: a job of ours against one of sharp's.
    private enum Comparison {
        EIGHT_PARITY("parity", "eight"),
        EIGHT_PARITY_CLONE("parity", "clone"),
        EIGHT_FAST("fast", "eight"),
        EIGHT_FAST_CLONE("fast", "clone"),
        SEED4_FAST("seed4", "seed4");

        final String ours;
        final String theirs;

        Comparison(String ours, String theirs) {
            this.ours = ours;
            this.theirs = theirs;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Pair(Comparison comparison, Path file, double ours, double theirs) {
        double ratio() {
            return ours / theirs;
        }
    }

    /// What both sides made of all pictures in one job.
    private record Outputs(List<ImageQuality.Score> ours, List<ImageQuality.Score> theirs) {
        double bytesRatio() {
            return (double) ours.stream().mapToLong(ImageQuality.Score::bytes).sum()
                    / theirs.stream().mapToLong(ImageQuality.Score::bytes).sum();
        }

        Outputs only(Predicate<ImageQuality.Score> wanted) {
            return new Outputs(ours.stream().filter(wanted).toList(), theirs.stream().filter(wanted).toList());
        }

        double delta(ToDoubleFunction<ImageQuality.Score> value) {
            return mean(ours, value) - mean(theirs, value);
        }

        /// Of the means over all pictures, the one least in our favour.
        double worstOutput() {
            return theirs.stream().map(ImageQuality.Score::output).distinct()
                    .mapToDouble(name -> only(score -> score.output().equals(name)).delta(ImageQuality.Score::ssim))
                    .min()
                    .orElseThrow();
        }

        private static double mean(List<ImageQuality.Score> scores, ToDoubleFunction<ImageQuality.Score> value) {
            return scores.stream().mapToDouble(value).average().orElseThrow();
        }
    }

    private final Worker safelight;
    private final Worker sharp;
    private final List<Path> files;

    private Image(Worker safelight, Worker sharp, List<Path> files) {
        this.safelight = safelight;
        this.sharp = sharp;
        this.files = files;
    }

    public static void main(String[] arguments) throws Exception {
        Path project = Path.of(System.getProperty("safelight.project"));
        List<Path> files = pictures(arguments);
        Path scratch = Files.createTempDirectory("safelight-bench-");
        try (Worker safelight = new Worker(javaCommand(project), Map.of("MALLOC_ARENA_MAX", "2"));
                Worker sharp = new Worker(List.of("node", project.resolve("bench/peers/sharp.mjs").toString()), Map.of())) {
            System.err.println(safelight.name + " against " + sharp.name);
            new Image(safelight, sharp, files).run(scratch);
        } finally {
            try (Stream<Path> tree = Files.walk(scratch)) {
                tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
    }

    /// As `./safelight` runs it.
    private static List<String> javaCommand(Path project) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m", "-XX:+UseSerialGC", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED",
                "--class-path", project.resolve("target/safelight.jar") + ":" + project.resolve("target/lib") + "/*",
                project.resolve("bench/ImageWorker.java").toString());
    }

    private void run(Path scratch) throws IOException {
        ImageQuality quality = new ImageQuality(sharp, scratch);
        Outputs parity = new Outputs(new ArrayList<>(), new ArrayList<>());
        Outputs fast = new Outputs(new ArrayList<>(), parity.theirs());
        for (Path file : files) {
            System.err.println("outputs of " + file.getFileName());
            Luma original = quality.decode(file);
            parity.ours().addAll(quality.scores(safelight, "parity", file, original));
            parity.theirs().addAll(quality.scores(sharp, "eight", file, original));
            fast.ours().addAll(quality.scores(safelight, "fast", file, original));
        }
        int warmUps = Math.ceilDiv(WARM_UP_PICTURES, files.size());
        for (int round = 0; round < warmUps; round++) {
            System.err.printf("warm-up %d of %d%n", round + 1, warmUps);
            measureAll(round);
        }
        List<Pair> pairs = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            System.err.printf("round %d of %d%n", round + 1, ROUNDS);
            pairs.addAll(measureAll(round));
        }
        report(pairs, parity, fast);
    }

    private List<Pair> measureAll(int round) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        for (Path file : files) {
            for (Comparison comparison : Comparison.values()) {
                boolean oursFirst = (round + comparison.ordinal()) % 2 == 0;
                double first = oursFirst ? safelight.measure(comparison.ours, file) : sharp.measure(comparison.theirs, file);
                double second = oursFirst ? sharp.measure(comparison.theirs, file) : safelight.measure(comparison.ours, file);
                pairs.add(new Pair(comparison, file, oursFirst ? first : second, oursFirst ? second : first));
            }
        }
        return pairs;
    }

    private void report(List<Pair> pairs, Outputs parity, Outputs fast) {
        System.out.println("CPU of Safelight as a part of sharp's; median of the pairs, half of which lie between the quartiles.");
        System.out.printf("%-40s %8s %17s %17s %10s %10s%n", "", "ratio", "quartiles", "range", "ours ms", "sharp ms");
        for (Comparison comparison : Comparison.values()) {
            List<Pair> all = pairs.stream().filter(pair -> pair.comparison() == comparison).toList();
            line(comparison.key(), all);
            for (Path file : files) {
                line("  " + file.getFileName(), all.stream().filter(pair -> pair.file().equals(file)).toList());
            }
        }
        System.out.printf("%n%-40s %8s %10s %10s %10s %10s%n", "output", "bytes", "SSIM", "sharp's", "PSNR", "sharp's");
        outputs("parity", parity);
        outputs("fast", fast);
        System.out.println(JSON.writeValueAsString(result(pairs, parity, fast)));
    }

    private Map<String, Object> result(List<Pair> pairs, Outputs parity, Outputs fast) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", "image");
        result.put("pictures", files.size());
        result.put("rounds", ROUNDS);
        for (Comparison comparison : Comparison.values()) {
            result.put(comparison.key(), round(quantile(pairs.stream()
                    .filter(pair -> pair.comparison() == comparison).mapToDouble(Pair::ratio).toArray(), 0.5), 3));
        }
        result.put("bytes_ratio", round(parity.bytesRatio(), 4));
        result.put("ssim_delta", round(parity.delta(ImageQuality.Score::ssim), 5));
        result.put("ssim_delta_of_worst_output", round(parity.worstOutput(), 5));
        result.put("psnr_delta", round(parity.delta(ImageQuality.Score::psnr), 3));
        result.put("fast_bytes_ratio", round(fast.bytesRatio(), 4));
        result.put("fast_ssim_delta", round(fast.delta(ImageQuality.Score::ssim), 5));
        result.put("fast_psnr_delta", round(fast.delta(ImageQuality.Score::psnr), 3));
        return result;
    }

    private static void line(String name, List<Pair> pairs) {
        double[] ratios = pairs.stream().mapToDouble(Pair::ratio).toArray();
        System.out.printf("%-40s %8.3f %8.3f %8.3f %8.3f %8.3f %10.0f %10.0f%n", name, quantile(ratios, 0.5),
                quantile(ratios, 0.25), quantile(ratios, 0.75), quantile(ratios, 0), quantile(ratios, 1),
                quantile(pairs.stream().mapToDouble(Pair::ours).toArray(), 0.5),
                quantile(pairs.stream().mapToDouble(Pair::theirs).toArray(), 0.5));
    }

    /// Means for each output and for each picture; bytes as a part of sharp's.
    private static void outputs(String profile, Outputs outputs) {
        for (Function<ImageQuality.Score, String> group : List.<Function<ImageQuality.Score, String>>of(
                ImageQuality.Score::output, ImageQuality.Score::picture)) {
            for (String name : outputs.theirs().stream().map(group).distinct().toList()) {
                Outputs own = outputs.only(score -> group.apply(score).equals(name));
                System.out.printf("%-40s %8.3f %10.5f %10.5f %10.2f %10.2f%n", profile + " " + name, own.bytesRatio(),
                        Outputs.mean(own.ours(), ImageQuality.Score::ssim), Outputs.mean(own.theirs(), ImageQuality.Score::ssim),
                        Outputs.mean(own.ours(), ImageQuality.Score::psnr), Outputs.mean(own.theirs(), ImageQuality.Score::psnr));
            }
        }
    }

    /// The value that the given part of all values is below: 0.5 for the median.
    private static double quantile(double[] values, double part) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = part * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    private static double round(double value, int digits) {
        double factor = Math.pow(10, digits);
        return Math.round(value * factor) / factor;
    }

    private static List<Path> pictures(String[] arguments) throws IOException {
        List<Path> files = Photos.choose(arguments, MIN_PIXELS, MAX_PIXELS);
        for (Path file : files) {
            if (!Files.isReadable(file) || !isJpeg(file)) {
                System.err.println("./run bench image: " + file + " cannot be read as a JPEG");
                System.exit(2);
            }
        }
        return files;
    }

    private static boolean isJpeg(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(JPEG.length), JPEG);
        }
    }
}
