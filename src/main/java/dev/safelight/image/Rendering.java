package dev.safelight.image;

import dev.safelight.asset.Facts.FocalPoint;
import java.util.List;

/// Everything made of one original with one decode.
///
/// @param variants in the order of the specs, without those that were left out for being larger than the picture
public record Rendering(Probe probe, List<RenderedVariant> variants, Appearance appearance) {
    public Rendering {
        variants = List.copyOf(variants);
    }

    /// What the picture looks like, small enough to keep beside it.
    ///
    /// @param dominantColor `#rrggbb`, the most common colour
    /// @param thumbHash a ThumbHash (https://evanw.github.io/thumbhash/) in base64
    /// @param perceptualHash 64 bits as 16 hexadecimal digits; near pictures differ in few bits
    /// @param focalPoint where the eye goes, for crops
    public record Appearance(String dominantColor, String thumbHash, String perceptualHash, FocalPoint focalPoint) {}
}
