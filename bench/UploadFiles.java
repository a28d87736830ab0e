import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// Folders of files to upload, all of them different.
final class UploadFiles {
    private static final int CHUNK = 1 << 20;

    private UploadFiles() {}

    /// Files whose processing ends with a look at their type.
    static Path documents(Path folder, int count, long bytes, String ending) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            Random random = new Random(i * 31L + bytes);
            byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
            random.nextBytes(chunk);
            byte[] head = "%%PDF-1.7 %d\n".formatted(i).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(head, 0, chunk, 0, head.length);
            try (OutputStream out = Files.newOutputStream(folder.resolve("file-%05d.%s".formatted(i, ending)))) {
                for (long left = bytes; left > 0; left -= chunk.length) {
                    out.write(chunk, 0, (int) Math.min(left, chunk.length));
                }
            }
        }
        return folder;
    }

    static Path pictures(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            BufferedImage picture = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
            Graphics2D pen = picture.createGraphics();
            Random random = new Random(i);
            for (int spot = 0; spot < 60; spot++) {
                pen.setColor(new Color(random.nextInt(0xffffff)));
                pen.fillOval(random.nextInt(300), random.nextInt(220), random.nextInt(90), random.nextInt(90));
            }
            pen.dispose();
            ImageIO.write(picture, "jpg", folder.resolve("picture-%05d.jpg".formatted(i)).toFile());
        }
        return folder;
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
    }
}
