package dev.safelight.asset;

import org.jspecify.annotations.Nullable;

/// What processing learned about an original.
public sealed interface Facts {
    MediaType mediaType();

    /// An image.
    ///
    /// @param mediaType the type by content
    /// @param width in pixels as displayed, after orientation
    /// @param height in pixels as displayed, after orientation
    /// @param frames 1 for a still, else the frames of an animation or the pages of a document-like format
    /// @param dominantColor `#rrggbb`
    /// @param thumbHash a ThumbHash (https://evanw.github.io/thumbhash/) in base64
    /// @param perceptualHash 64 bits as 16 hexadecimal digits; near pictures differ in few bits
    /// @param focalPoint where the eye goes, for crops
    /// @param converted whether it has to be turned into 8-bit RGB to be shown: 16 bits a sample, or CMYK
    record Image(
            MediaType mediaType,
            int width,
            int height,
            int frames,
            boolean hasAlpha,
            @Nullable String dominantColor,
            @Nullable String thumbHash,
            @Nullable String perceptualHash,
            @Nullable FocalPoint focalPoint,
            boolean converted)
            implements Facts {

        /// A picture of 8-bit RGB or grey.
        public Image(
                MediaType mediaType,
                int width,
                int height,
                int frames,
                boolean hasAlpha,
                @Nullable String dominantColor,
                @Nullable String thumbHash,
                @Nullable String perceptualHash,
                @Nullable FocalPoint focalPoint) {
            this(
                    mediaType,
                    width,
                    height,
                    frames,
                    hasAlpha,
                    dominantColor,
                    thumbHash,
                    perceptualHash,
                    focalPoint,
                    false);
        }

        public Image withFocalPoint(FocalPoint newFocalPoint) {
            return new Image(
                    mediaType,
                    width,
                    height,
                    frames,
                    hasAlpha,
                    dominantColor,
                    thumbHash,
                    perceptualHash,
                    newFocalPoint,
                    converted);
        }
    }

    /// A point of a picture.
    ///
    /// @param x 0 (left) to 1 (right)
    /// @param y 0 (top) to 1 (bottom)
    record FocalPoint(double x, double y) {
        public FocalPoint {
            if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
                throw new IllegalArgumentException("a focal point lies within 0 and 1, not at " + x + "," + y);
            }
        }
    }
}
