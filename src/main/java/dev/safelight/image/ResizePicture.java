package dev.safelight.image;

/// Scales a picture to an exact size, lazily.
final class ResizePicture {
    private ResizePicture() {}

    static NativeImage to(NativeImage image, Size size, ImageScope scope) throws VipsException {
        if (image.width() == size.width() && image.height() == size.height()) {
            return image;
        }
        if (!image.hasAlpha()) {
            return scope.keep(resized(image, size));
        }
        // The colour of a transparent pixel means nothing and must not shine through at its edges.
        NativeImage weighted = scope.keep(image.operation("premultiply").toImage());
        return unweighted(scope.keep(resized(weighted, size)), scope);
    }

    /// Takes the weight of alpha off the colours again.
    static NativeImage unweighted(NativeImage weighted, ImageScope scope) throws VipsException {
        NativeImage plain = scope.keep(weighted.operation("unpremultiply").toImage());
        return scope.keep(plain.operation("cast").with("format", "uchar").toImage());
    }

    private static NativeImage resized(NativeImage image, Size size) throws VipsException {
        return image.operation("resize")
                .with("scale", (double) size.width() / image.width())
                .with("vscale", (double) size.height() / image.height())
                .toImage();
    }
}
