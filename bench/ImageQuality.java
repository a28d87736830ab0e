import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Bytes and similarity of the outputs of both sides for one picture.
///
/// One decoder, sharp's, reads the original and every output. The reference is the original's brightness scaled in one step
/// to the size of the output. A picture that is cut to fill its box is compared at both whole pixels next to the middle, as
/// either is right, and the nearer one counts.
final class ImageQuality {
    /// One output against the reference.
    record Score(String picture, String output, long bytes, double ssim, double psnr) {}

    private final Worker decoder;
    private final Path scratch;

    ImageQuality(Worker decoder, Path scratch) {
        this.decoder = decoder;
        this.scratch = scratch;
    }

    Luma decode(Path file) throws IOException {
        Path folder = Files.createTempDirectory(scratch, "raw");
        decoder.write("decode", file, folder);
        Path raw = files(folder).getFirst();
        Luma luma = Luma.read(raw);
        Files.delete(raw);
        return luma;
    }

    List<Score> scores(Worker side, String job, Path file, Luma original) throws IOException {
        Path folder = Files.createTempDirectory(scratch, job);
        side.write(job, file, folder);
        List<Score> scores = new ArrayList<>();
        for (Path output : files(folder)) {
            scores.add(score(file.getFileName().toString(), output, original));
        }
        return scores;
    }

    /// One output whose original was decoded before.
    Score score(String picture, Path output, Luma original) throws IOException {
        Luma made = decode(output);
        Score best = null;
        for (Luma reference : references(made, original)) {
            Score score = new Score(picture, output.getFileName().toString(), Files.size(output),
                    reference.ssim(made), reference.psnr(made));
            best = best == null || score.ssim() > best.ssim() ? score : best;
        }
        return best;
    }

    private static List<Luma> references(Luma made, Luma original) {
        double factor = Math.max((double) made.width() / original.width(), (double) made.height() / original.height());
        long width = Math.round(original.width() * factor);
        long height = Math.round(original.height() * factor);
        if (Math.abs(width - made.width()) <= 1 && Math.abs(height - made.height()) <= 1) {
            return List.of(original.scaled(0, 0, original.width(), original.height(), made.width(), made.height()));
        }
        double columns = original.width() / (double) width;
        double rows = original.height() / (double) height;
        List<Luma> references = new ArrayList<>();
        for (int rounding = 0; rounding < 2; rounding++) {
            double left = (width - made.width() + rounding) / 2 * columns;
            double top = (height - made.height() + rounding) / 2 * rows;
            references.add(original.scaled(left, top, made.width() * columns, made.height() * rows, made.width(), made.height()));
        }
        return references;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.comparing(Path::getFileName)).toList();
        }
    }
}
