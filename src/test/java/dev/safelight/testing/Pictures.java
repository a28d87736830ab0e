package dev.safelight.testing;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/// Pictures drawn by code, so that tests need no files.
public final class Pictures {
    private static final int COMMENT = 65_537;

    private Pictures() {}

    /// A scene that looks different from each side: a gradient, a red disc top left, a blue bar at the bottom.
    public static BufferedImage scene(int width, int height) {
        return draw(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), true);
    }

    /// The disc and the bar of [#scene] on nothing.
    public static BufferedImage transparentScene(int width, int height) {
        return draw(new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB), false);
    }

    private static BufferedImage draw(BufferedImage image, boolean background) {
        int width = image.getWidth();
        int height = image.getHeight();
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        if (background) {
            pen.setPaint(new GradientPaint(0, 0, new Color(240, 230, 200), width, height, new Color(40, 90, 60)));
            pen.fillRect(0, 0, width, height);
        }
        pen.setPaint(new Color(200, 30, 30));
        pen.fill(new Ellipse2D.Double(width * 0.1, height * 0.1, width * 0.35, height * 0.35));
        pen.setPaint(new Color(30, 40, 180));
        pen.fillRect(0, (int) (height * 0.8), width, height);
        pen.dispose();
        return image;
    }

    public static byte[] jpeg(int width, int height) {
        return encoded(scene(width, height), "jpg");
    }

    public static byte[] png(int width, int height) {
        return encoded(scene(width, height), "png");
    }

    public static byte[] transparentPng(int width, int height) {
        return encoded(transparentScene(width, height), "png");
    }

    /// A picture in a format that the JDK writes.
    public static byte[] encoded(BufferedImage image, String format) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalArgumentException("the JDK does not write this picture as " + format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static BufferedImage decoded(byte[] bytes) {
        try {
            return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(bytes)), "not readable by the JDK");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A JPEG of an exact length that is decoded as quickly as a small one: most of it is comments.
    ///
    /// @param seed makes pictures differ in their comments
    public static byte[] heavyJpeg(int bytes, int seed) {
        byte[] jpeg = jpeg(320, 200);
        ByteBuffer heavy = ByteBuffer.allocate(bytes).put(jpeg, 0, 2);
        Random random = new Random(seed);
        for (int left = bytes - jpeg.length; left > 0; left = bytes - jpeg.length - heavy.position() + 2) {
            // What is left over must have room for the head of a comment.
            int length = left <= COMMENT ? left : Math.min(COMMENT, left - 4);
            byte[] comment = new byte[length - 4];
            random.nextBytes(comment);
            heavy.putShort((short) 0xfffe).putShort((short) (length - 2)).put(comment);
        }
        return heavy.put(jpeg, 2, jpeg.length - 2).array();
    }

    /// A JPEG as cameras write it: an EXIF block with an orientation and a position on Earth.
    ///
    /// @param orientation 1 to 8
    public static byte[] cameraJpeg(int width, int height, int orientation) {
        byte[] jpeg = jpeg(width, height);
        byte[] exif = exif(orientation);
        return ByteBuffer.allocate(jpeg.length + exif.length + 4)
                .put(jpeg, 0, 2)
                .putShort((short) 0xffe1)
                .putShort((short) (exif.length + 2))
                .put(exif)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /// Big-endian TIFF with an orientation, and a GPS directory that holds the latitude's reference "N".
    private static byte[] exif(int orientation) {
        return ByteBuffer.allocate(62)
                .put("Exif\0\0MM\0*".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(8)
                .putShort((short) 2)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putShort((short) 0x8825)
                .putShort((short) 4)
                .putInt(1)
                .putInt(38)
                .putInt(0)
                .putShort((short) 1)
                .putShort((short) 1)
                .putShort((short) 2)
                .putInt(2)
                .put("N\0\0\0".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(0)
                .array();
    }

    /// A GIF that plays for ever, with a disc that moves from left to right.
    ///
    /// @param delay of each frame, in hundredths of a second
    public static byte[] animatedGif(int width, int height, int frames, int delay) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
                writer.setOutput(stream);
                writer.prepareWriteSequence(null);
                for (int i = 0; i < frames; i++) {
                    BufferedImage frame = frame(width, height, (double) i / frames);
                    writer.writeToSequence(new IIOImage(frame, null, timing(writer, frame, delay)), null);
                }
                writer.endWriteSequence();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    private static BufferedImage frame(int width, int height, double position) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED);
        Graphics2D pen = image.createGraphics();
        pen.setPaint(Color.WHITE);
        pen.fillRect(0, 0, width, height);
        pen.setPaint(Color.RED);
        pen.fill(new Ellipse2D.Double(position * width, height * 0.25, height * 0.5, height * 0.5));
        pen.dispose();
        return image;
    }

    private static IIOMetadata timing(ImageWriter writer, BufferedImage frame, int delay) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame), null);
        String format = metadata.getNativeMetadataFormatName();
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(format);
        IIOMetadataNode control = (IIOMetadataNode)
                root.getElementsByTagName("GraphicControlExtension").item(0);
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("transparentColorIndex", "0");
        control.setAttribute("delayTime", Integer.toString(delay));
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(new byte[] {1, 0, 0});
        extensions.appendChild(loop);
        root.appendChild(extensions);
        metadata.setFromTree(format, root);
        return metadata;
    }

    /// A PNG whose header promises a size that its few bytes do not hold.
    public static byte[] bombPng(int width, int height) {
        byte[] png = png(1, 1);
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        header.putInt(29, (int) crc.getValue());
        return png;
    }

    public static String svg(int width, int height, String content) {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"%d\" height=\"%d\">%s</svg>"
                .formatted(width, height, content);
    }

    /// The peak signal-to-noise ratio of two pictures of one size, in decibels; above 30 they look alike.
    public static double psnr(BufferedImage one, BufferedImage other) {
        if (one.getWidth() != other.getWidth() || one.getHeight() != other.getHeight()) {
            return 0;
        }
        double squares = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                squares += squares(one.getRGB(x, y), other.getRGB(x, y));
            }
        }
        double mean = squares / (3.0 * one.getWidth() * one.getHeight());
        return mean == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(255 * 255 / mean);
    }

    private static double squares(int one, int other) {
        double sum = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            int difference = ((one >> shift) & 255) - ((other >> shift) & 255);
            sum += (double) difference * difference;
        }
        return sum;
    }
}
