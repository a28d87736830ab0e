package dev.safelight.delivery;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.ImageIO;

/// A ThumbHash as an address that browsers show without asking for it: a PNG in a `data:` URI.
final class Placeholder {
    private Placeholder() {}

    /// Empty when the text is no ThumbHash in base64.
    static Optional<String> ofThumbHash(String base64) {
        try {
            return ThumbHash.decode(Base64.getDecoder().decode(base64))
                    .map(picture ->
                            "data:image/png;base64," + Base64.getEncoder().encodeToString(png(picture)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] png(ThumbHash.Picture picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, picture.width(), picture.height(), picture.argb(), 0, picture.width());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return bytes.toByteArray();
    }
}
