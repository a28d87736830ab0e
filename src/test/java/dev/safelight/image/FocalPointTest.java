package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.safelight.asset.Facts.FocalPoint;
import dev.safelight.asset.MediaType;
import dev.safelight.image.VariantSpec.Fit;
import dev.safelight.testing.Pictures;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FocalPointTest {
    private static final ImageLimits LIMITS = new ImageLimits(2_000_000, 20, 2_000_000);

    /// The point is found on a grid.
    private static final double CELL = 1 / 32.0;

    private static ImageEngine engine;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void open() {
        engine = new ImageEngine(LIMITS, 1);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @ParameterizedTest
    @CsvSource({
        "800, 600, 0.25, 0.25",
        "800, 600, 0.75, 0.25",
        "800, 600, 0.25, 0.75",
        "800, 600, 0.75, 0.75",
        "800, 600, 0.5, 0.5",
        "1200, 300, 0.2, 0.7",
        "300, 1200, 0.8, 0.9",
        "90, 70, 0.3, 0.6"
    })
    void liesOnTheOnlyThingThatCatchesTheEye(int width, int height, double x, double y) throws Exception {
        FocalPoint point = focalPoint(blob(width, height, x, y));

        assertThat(point.x()).isCloseTo(x, within(CELL));
        assertThat(point.y()).isCloseTo(y, within(CELL));
    }

    @Test
    void isTheMiddleWhereNothingStandsOut() throws Exception {
        BufferedImage silhouette = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);

        assertThat(focalPoint(silhouette)).isEqualTo(new FocalPoint(0.5, 0.5));
    }

    private static BufferedImage blob(int width, int height, double x, double y) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        double radius = 0.06 * Math.min(width, height);
        Graphics2D pen = image.createGraphics();
        pen.setPaint(new Color(150, 150, 150));
        pen.fillRect(0, 0, width, height);
        pen.setPaint(new Color(230, 20, 30));
        pen.fill(new Ellipse2D.Double(x * width - radius, y * height - radius, 2 * radius, 2 * radius));
        pen.dispose();
        return image;
    }

    private static FocalPoint focalPoint(BufferedImage image) throws Exception {
        Path file = Files.write(Files.createTempFile(folder, "picture", ".png"), Pictures.encoded(image, "png"));
        VariantSpec spec = new VariantSpec("a", MediaType.JPEG, Fit.INSIDE, 100, 0, 80, 0);
        return engine.render(file, MediaType.PNG, List.of(spec)).appearance().focalPoint();
    }
}
