package dev.safelight.image;

import dev.safelight.asset.Facts.FocalPoint;
import dev.safelight.image.Rendering.Appearance;
import java.util.List;

/// Derives what a picture looks like from a copy of it that is at most 100 pixels wide and high.
final class AppearanceReader {
    /// The size that is enough for all of it, and the most that a ThumbHash takes.
    static final Size BOX = new Size(100, 100);

    /// Of libvips: how many cells a side of a picture has when it is searched for what stands out.
    private static final int CELLS = 32;

    private static final FocalPoint MIDDLE = new FocalPoint(0.5, 0.5);

    private AppearanceReader() {}

    static Appearance read(Picture picture) throws VipsException {
        try (ImageScope scope = new ImageScope()) {
            Picture first = new Picture(picture.first(scope), 1);
            Size size = first.size();
            double factor =
                    Math.min(1, Math.min((double) BOX.width() / size.width(), (double) BOX.height() / size.height()));
            Size small = size.times(factor);
            NativeImage image =
                    scope.keep(first.render(new Target(small, small, List.of())).strip());
            Thumbnail thumbnail = Thumbnail.of(image);
            return new Appearance(
                    DominantColor.of(thumbnail),
                    ThumbHash.of(thumbnail),
                    PerceptualHash.of(thumbnail),
                    focalPoint(image));
        }
    }

    /// The most eye-catching point: saturated, detailed or skin-coloured, as libvips rates it.
    ///
    /// It rates the cells of a grid and tells where the best one begins. That is the very first one also when all
    /// are alike, as in a silhouette: then nothing stands out, and the middle is as good as any other point.
    private static FocalPoint focalPoint(NativeImage image) throws VipsException {
        Operation crop = image.vips()
                .operation("smartcrop")
                .image("input", image)
                .with("width", Math.max(1, image.width() / 2))
                .with("height", Math.max(1, image.height() / 2))
                .with("interesting", "attention");
        if (image.vips().isAtLeast(8, 15)) {
            Operation.Point point = crop.toPoint("attention-x", "attention-y");
            return point.x() == 0 && point.y() == 0
                    ? MIDDLE
                    : new FocalPoint(middleOfCell(point.x(), image.width()), middleOfCell(point.y(), image.height()));
        }
        try (NativeImage cut = crop.toImage()) {
            return new FocalPoint(
                    part((cut.width() / 2) - cut.offsetX(), image.width()),
                    part((cut.height() / 2) - cut.offsetY(), image.height()));
        }
    }

    private static double middleOfCell(int start, int length) {
        double cell = Math.ceil((double) start * CELLS / length);
        return Math.clamp((cell + 0.5) / CELLS, 0, 1);
    }

    private static double part(int position, int length) {
        return Math.clamp((position + 0.5) / length, 0, 1);
    }
}
