import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Bytes and similarity to the original of what two servers answer.
final class Likeness {
    private final ImageQuality quality;
    private final Path scratch;
    private final Requests client;

    Likeness(ImageQuality quality, Path scratch, Requests client) {
        this.quality = quality;
        this.scratch = scratch;
        this.client = client;
    }

    /// The addresses of a picture at two servers.
    record Comparison(String key, Function<Path, URI> ours, Function<Path, URI> theirs) {}

    private record Scores(List<ImageQuality.Score> ours, List<ImageQuality.Score> theirs) {
        Scores() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        double delta(ToDoubleFunction<ImageQuality.Score> value) {
            return mean(ours, value) - mean(theirs, value);
        }
    }

    /// @param result takes the keys
    void report(Collection<Path> files, List<Comparison> comparisons, Map<String, Object> result) throws Exception {
        Map<String, Scores> scores = new LinkedHashMap<>();
        for (Path file : files) {
            System.err.println("similarity of " + file.getFileName());
            Luma original = quality.decode(file);
            for (Comparison comparison : comparisons) {
                Scores both = scores.computeIfAbsent(comparison.key(), _ -> new Scores());
                both.ours().add(score(file, comparison.ours().apply(file), original));
                both.theirs().add(score(file, comparison.theirs().apply(file), original));
            }
        }
        System.out.printf("%-16s %-36s %9s %9s %8s %8s %7s %7s%n", "output", "picture", "bytes", "other's", "SSIM", "other's", "PSNR", "other's");
        scores.forEach((key, both) -> {
            for (int i = 0; i < both.ours().size(); i++) {
                line(key, both.ours().get(i), both.theirs().get(i));
            }
            long bytes = both.ours().stream().mapToLong(ImageQuality.Score::bytes).sum();
            long others = both.theirs().stream().mapToLong(ImageQuality.Score::bytes).sum();
            result.put(key + "_bytes_ratio", Spread.round((double) bytes / others, 4));
            result.put(key + "_ssim_delta", Spread.round(both.delta(ImageQuality.Score::ssim), 5));
            result.put(key + "_psnr_delta", Spread.round(both.delta(ImageQuality.Score::psnr), 3));
        });
    }

    private static void line(String key, ImageQuality.Score ours, ImageQuality.Score theirs) {
        System.out.printf("%-16s %-36s %9d %9d %8.5f %8.5f %7.3f %7.3f%n",
                key, ours.picture(), ours.bytes(), theirs.bytes(), ours.ssim(), theirs.ssim(), ours.psnr(), theirs.psnr());
    }

    private ImageQuality.Score score(Path file, URI address, Luma original) throws Exception {
        Path output = Files.write(scratch.resolve("output"), client.get(address));
        return quality.score(file.getFileName().toString(), output, original);
    }

    private static double mean(List<ImageQuality.Score> scores, ToDoubleFunction<ImageQuality.Score> value) {
        return scores.stream().mapToDouble(value).average().orElseThrow();
    }
}
