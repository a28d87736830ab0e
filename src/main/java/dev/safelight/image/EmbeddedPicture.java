package dev.safelight.image;

import dev.safelight.asset.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/// A raster picture within a drawing, as a `data:` address; only its header is read.
final class EmbeddedPicture {
    private EmbeddedPicture() {}

    /// The pixels of all its frames.
    ///
    /// @throws ImageRejected unsupported, when it is no PNG, JPEG or GIF or cannot be read
    static long pixels(String address) throws ImageRejected {
        int comma = address.indexOf(',');
        if (comma < 0) {
            throw unreadable(null);
        }
        try {
            byte[] bytes = percentDecoded(address.substring(comma + 1));
            if (address.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
                bytes = Base64.getMimeDecoder().decode(bytes);
            }
            return pixels(bytes);
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    private static long pixels(byte[] bytes) throws IOException, ImageRejected {
        String format = format(bytes);
        if (format.equals("jpeg")) {
            JpegScans.check(ByteBuffer.wrap(bytes));
        }
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in);
            long frames = format.equals("gif") ? reader.getNumImages(true) : 1;
            long width = Math.max(reader.getWidth(0), format.equals("gif") ? unsigned(bytes, 6) : 0);
            long height = Math.max(reader.getHeight(0), format.equals("gif") ? unsigned(bytes, 8) : 0);
            return Math.multiplyExact(Math.multiplyExact(width, height), Math.max(1, frames));
        } finally {
            reader.dispose();
        }
    }

    /// By the first bytes alone, as every decoder does; what the address claims decides nothing.
    private static String format(byte[] bytes) throws ImageRejected {
        String start = new String(bytes, 0, Math.min(bytes.length, 8), StandardCharsets.ISO_8859_1);
        if (start.equals("\u0089PNG\r\n\u001a\n")) {
            return "png";
        }
        if (start.startsWith("GIF8")) {
            return "gif";
        }
        if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return "jpeg";
        }
        throw unreadable(null);
    }

    private static int unsigned(byte[] bytes, int position) {
        return (bytes[position] & 0xff) | ((bytes[position + 1] & 0xff) << 8);
    }

    private static byte[] percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    private static ImageRejected unreadable(@Nullable Throwable cause) {
        return new ImageRejected(
                Reason.UNSUPPORTED, "The SVG embeds a picture that is not a readable PNG, JPEG or GIF.", cause);
    }
}
