import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The pictures that a benchmark measures with: named ones, else the photos of the corpus, else a drawn one.
final class Photos {
    private Photos() {}

    /// @param minPixels of a photo of the corpus
    /// @param maxPixels of a photo of the corpus; only JPEGs are taken
    static List<Path> choose(String[] named, long minPixels, long maxPixels) throws IOException {
        if (named.length > 0) {
            return Stream.of(named).map(name -> Path.of(name).toAbsolutePath()).toList();
        }
        String variable = System.getenv("SAFELIGHT_CORPUS");
        Path corpus = variable == null
                ? Path.of(System.getProperty("safelight.project")).resolve("../shared/corpus")
                : Path.of(variable).toAbsolutePath();
        if (!Files.isDirectory(corpus)) {
            System.err.println("No corpus: measuring with one drawn picture.");
            return List.of(drawn());
        }
        JsonNode index = JsonMapper.builder().build().readTree(Files.readString(corpus.resolve("corpus.json")));
        return index.path("files").valueStream()
                .filter(file -> file.path("kind").asString().startsWith("photo"))
                .filter(file -> file.path("media_type").asString().equals("image/jpeg"))
                .filter(file -> pixels(file) >= minPixels && pixels(file) <= maxPixels)
                .map(file -> corpus.resolve(file.path("file").asString()).normalize())
                .toList();
    }

    private static long pixels(JsonNode file) {
        return file.path("width").asLong() * file.path("height").asLong();
    }

    private static Path drawn() throws IOException {
        BufferedImage image = new BufferedImage(4000, 3000, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, 4000, 3000, Color.BLUE));
        graphics.fillRect(0, 0, 4000, 3000);
        graphics.dispose();
        Random random = new Random(7);
        for (int i = 0; i < 6_000_000; i++) {
            int x = random.nextInt(4000);
            int y = random.nextInt(3000);
            image.setRGB(x, y, image.getRGB(x, y) ^ random.nextInt(0x1F1F1F));
        }
        Path file = Files.createTempFile("safelight-bench-", ".jpg");
        file.toFile().deleteOnExit();
        ImageIO.write(image, "jpg", file.toFile());
        return file;
    }
}
