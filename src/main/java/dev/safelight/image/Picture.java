package dev.safelight.image;

import java.util.ArrayList;
import java.util.List;

/// Decoded pixels: one frame, or the frames of an animation one below the other, as libvips keeps them.
record Picture(NativeImage strip, int frames) {

    Size size() {
        return new Size(strip.width(), strip.height() / frames);
    }

    /// The first frame, as a lazy view.
    NativeImage first(ImageScope scope) throws VipsException {
        return frames == 1 ? strip : frame(0, scope);
    }

    /// Scales and cuts every frame on its own, so that no frame bleeds into the next, into new memory.
    Picture render(Target target) throws VipsException {
        try (ImageScope steps = new ImageScope()) {
            if (frames == 1) {
                return new Picture(step(strip, target, steps).inMemory(), 1);
            }
            List<NativeImage> rendered = new ArrayList<>();
            for (int i = 0; i < frames; i++) {
                rendered.add(steps.keep(step(frame(i, steps), target, steps).inMemory()));
            }
            NativeImage joined = steps.keep(strip.vips()
                    .operation("arrayjoin")
                    .in(rendered)
                    .with("across", 1)
                    .toImage());
            NativeImage memory = joined.inMemory();
            memory.put("page-height", target.shown().height());
            return new Picture(memory, frames);
        }
    }

    private NativeImage frame(int index, ImageScope scope) throws VipsException {
        return scope.keep(cut(strip, 0, index * size().height(), size()));
    }

    private static NativeImage step(NativeImage frame, Target target, ImageScope scope) throws VipsException {
        NativeImage scaled = ResizePicture.to(frame, target.scaled(), scope);
        if (!target.isCut()) {
            return scaled;
        }
        int left = (target.scaled().width() - target.shown().width()) / 2;
        int top = (target.scaled().height() - target.shown().height()) / 2;
        return scope.keep(cut(scaled, left, top, target.shown()));
    }

    private static NativeImage cut(NativeImage image, int left, int top, Size size) throws VipsException {
        return image.vips()
                .operation("extract_area")
                .image("input", image)
                .with("left", left)
                .with("top", top)
                .with("width", size.width())
                .with("height", size.height())
                .toImage();
    }
}
