package dev.safelight.cli;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.imageio.ImageIO;

/// Pictures for a demo without files: a landscape as JPEG, and a badge with transparency as PNG.
final class DemoPictures {
    private static final int WIDTH = 2400;
    private static final int HEIGHT = 1600;

    private DemoPictures() {}

    /// Draws the pictures into a folder, where they are not there yet.
    static List<Path> drawTo(Path folder) throws IOException {
        Path landscape = folder.resolve("landscape.jpg");
        Path badge = folder.resolve("badge.png");
        if (!Files.exists(landscape)) {
            write(landscape(), "jpg", landscape);
        }
        if (!Files.exists(badge)) {
            write(badge(), "png", badge);
        }
        return List.of(landscape, badge);
    }

    // A picture cut short by a kill would be taken for a finished one by every later demo.
    private static void write(BufferedImage image, String format, Path file) throws IOException {
        Path draft = Files.createTempFile(file.getParent(), "drawing", ".new");
        try {
            if (!ImageIO.write(image, format, draft.toFile())) {
                throw new IllegalStateException("Java writes no " + format);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static BufferedImage landscape() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = smooth(image);
        graphics.setPaint(new GradientPaint(0, 0, new Color(0x23395d), 0, HEIGHT, new Color(0xffb07c)));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.setPaint(new Color(0xffe9c9));
        graphics.fill(new Ellipse2D.Double(WIDTH * 0.62, HEIGHT * 0.38, 260, 260));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int ridge = 0; ridge < 5; ridge++) {
            graphics.setPaint(new Color(30 + 12 * ridge, 40 + 6 * ridge, 60 - 6 * ridge));
            graphics.fill(ridge(HEIGHT * (0.52 + 0.1 * ridge), 120.0 - 14 * ridge, random));
        }
        graphics.dispose();
        return image;
    }

    private static Path2D ridge(double level, double height, RandomGenerator random) {
        Path2D line = new Path2D.Double();
        line.moveTo(0, HEIGHT);
        double phase = random.nextDouble(Math.PI * 2);
        for (int x = 0; x <= WIDTH; x += 6) {
            double wave = Math.sin(x / 190.0 + phase) + 0.5 * Math.sin(x / 71.0 + 2 * phase);
            line.lineTo(x, level - height * wave + random.nextDouble(6));
        }
        line.lineTo(WIDTH, HEIGHT);
        line.closePath();
        return line;
    }

    private static BufferedImage badge() {
        BufferedImage image = new BufferedImage(900, 900, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = smooth(image);
        graphics.setPaint(new GradientPaint(0, 0, new Color(0xd7263d), 900, 900, new Color(0x5f0f40)));
        graphics.fill(new Ellipse2D.Double(60, 60, 780, 780));
        graphics.setPaint(new Color(255, 255, 255, 200));
        graphics.fill(new Ellipse2D.Double(270, 270, 360, 360));
        graphics.dispose();
        return image;
    }

    private static Graphics2D smooth(BufferedImage image) {
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        return graphics;
    }
}
