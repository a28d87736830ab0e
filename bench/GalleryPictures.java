import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/// The pictures of the gallery: those of the corpus where it is, else drawn ones, and a test card that shows what became
/// of every part of it.
final class GalleryPictures {
    private static final String[] PLACES = {"NW", "N", "NE", "W", "C", "E", "SW", "S", "SE"};
    private static final String EXIF = "ffe1002245786966000049492a000800000001001201030001000000%02x00000000000000";

    private final Path corpus;
    private final Path folder;

    GalleryPictures(Path corpus, Path folder) {
        this.corpus = corpus;
        this.folder = folder;
    }

    boolean hasCorpus() {
        return Files.isDirectory(corpus);
    }

    /// A file of the corpus, else what is drawn in its stead.
    Path corpusOr(String name, Path drawn) {
        return hasCorpus() ? corpus.resolve(name) : drawn;
    }

    /// Files of the corpus, none without it.
    List<Path> corpus(String... names) {
        return hasCorpus() ? List.of(names).stream().map(corpus::resolve).toList() : List.of();
    }

    /// Nine fields of different colours with the names of their places, 1200 × 800.
    Path card() {
        return drawn("card.png", "png", card(Color.getHSBColor(0, 0, 0.2f)));
    }

    /// The card as a camera stores it that was held as an orientation says.
    Path turned(int orientation) {
        BufferedImage upright = card(Color.getHSBColor(0, 0, 0.2f));
        int width = upright.getWidth();
        int height = upright.getHeight();
        boolean lies = orientation > 4;
        BufferedImage stored = new BufferedImage(lies ? height : width, lies ? width : height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < stored.getHeight(); y++) {
            for (int x = 0; x < stored.getWidth(); x++) {
                int right = lies ? y : x;
                int down = lies ? x : y;
                boolean fromRight = List.of(2, 3, 6, 7).contains(orientation);
                boolean fromBottom = List.of(3, 4, 7, 8).contains(orientation);
                stored.setRGB(x, y, upright.getRGB(fromRight ? width - 1 - right : right, fromBottom ? height - 1 - down : down));
            }
        }
        Path file = drawn("orientation-" + orientation + ".jpg", "jpg", stored);
        try {
            byte[] jpeg = Files.readAllBytes(file);
            ByteArrayOutputStream tagged = new ByteArrayOutputStream();
            tagged.write(jpeg, 0, 2);
            tagged.write(HexFormat.of().parseHex(EXIF.formatted(orientation)));
            tagged.write(jpeg, 2, jpeg.length - 2);
            return Files.write(file, tagged.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A disc with soft edges on nothing, 300 × 300: for watermarks and as a picture with transparency.
    Path mark() {
        BufferedImage image = new BufferedImage(300, 300, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < 300; y++) {
            for (int x = 0; x < 300; x++) {
                double inside = Math.clamp((150 - Math.hypot(x - 150, y - 150)) / 40, 0, 1);
                image.setRGB(x, y, (int) (inside * 255) << 24 | (x + y < 300 ? 0xe02020 : 0xf0f0f0));
            }
        }
        return drawn("mark.png", "png", image);
    }

    /// A red thing off the middle of a white ground, 600 × 400.
    Path product() {
        BufferedImage image = new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 600, 400);
        graphics.setColor(Color.RED);
        graphics.fillOval(350, 80, 180, 220);
        graphics.dispose();
        return drawn("product.png", "png", image);
    }

    /// Three cards on grounds of their own, as frames or pages.
    Path several(String name, String format) {
        Path file = folder.resolve(name);
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (Color ground : List.of(Color.RED, Color.GREEN, Color.BLUE)) {
                writer.writeToSequence(new IIOImage(card(ground), null, null), null);
            }
            writer.endWriteSequence();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    Path svg() {
        try {
            return Files.writeString(folder.resolve("drawing.svg"), """
                    <svg xmlns="http://www.w3.org/2000/svg" width="120" height="80" viewBox="0 0 120 80">
                    <circle cx="60" cy="40" r="36" fill="none" stroke="#06c" stroke-width="3"/><path d="M30 60L60 20L90 60Z"/></svg>
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path drawn(String name, String format, BufferedImage image) {
        try {
            Path file = folder.resolve(name);
            ImageIO.write(image, format, file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage card(Color lines) {
        BufferedImage image = new BufferedImage(1200, 800, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 150));
        graphics.setStroke(new BasicStroke(12));
        List<Integer> edges = new ArrayList<>(List.of(0, 267, 533, 800));
        for (int i = 0; i < PLACES.length; i++) {
            int left = i % 3 * 400;
            int top = edges.get(i / 3);
            graphics.setColor(Color.getHSBColor(i / 9f, 0.45f, 0.95f));
            graphics.fillRect(left, top, 400, 267);
            graphics.setColor(lines);
            int width = graphics.getFontMetrics().stringWidth(PLACES[i]);
            graphics.drawString(PLACES[i], left + (400 - width) / 2, top + 185);
        }
        graphics.drawOval(206, 6, 788, 788);
        graphics.drawRect(6, 6, 1188, 788);
        graphics.dispose();
        return image;
    }
}
