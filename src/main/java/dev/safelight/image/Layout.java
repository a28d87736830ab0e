package dev.safelight.image;

import dev.safelight.transform.Gravity;
import dev.safelight.transform.Transformation;

/// What becomes of each frame before effects and canvas: turned, reduced to a part, scaled, cut.
///
/// It is found once, on the first frame, so that all frames of an animation stay in line.
///
/// @param region what trimming and cropping leave of the turned picture
/// @param cut what is left of that once it has been scaled
record Layout(TurnPicture turn, Rect region, Geometry geometry, Rect cut) {

    /// @param first the first frame as decoded; in memory when its edges or its most eye-catching part are
    ///     looked for
    /// @param original the size that pixels of a crop are meant in, after turning
    static Layout of(
            NativeImage first, TurnPicture turn, Size original, boolean vector, Transformation wanted, ImageScope scope)
            throws VipsException {
        NativeImage turned = turn.of(first, scope);
        Size file = new Size(turned.width(), turned.height());
        Rect trimmed = wanted.trim() == null ? Rect.of(file) : TrimEdges.find(turned, wanted.trim(), scope);
        Size whole = trimmed.scaled(file, original).size();
        Geometry geometry = Geometry.of(whole, vector, wanted);
        Rect crop = Rect.of(trimmed.size());
        if (wanted.crop() != null && !geometry.crop().equals(whole)) {
            Gravity gravity = focused(wanted.crop().gravity(), turn, file, trimmed);
            Rect placed = Rect.within(whole, geometry.crop(), gravity, 1);
            crop = placed.scaled(whole, trimmed.size());
            if (wanted.crop().gravity() instanceof Gravity.Smart) {
                crop = eyeCatching(trimmed.of(turned, scope), crop.size());
            }
        }
        Rect region = trimmed.part(crop);
        Gravity gravity = focused(wanted.resize().gravity(), turn, file, region);
        Rect cut = Rect.within(geometry.scaled(), geometry.cut(), gravity, geometry.dpr());
        if (gravity instanceof Gravity.Smart && !geometry.cut().equals(geometry.scaled())) {
            cut = eyeCatching(ResizePicture.to(region.of(turned, scope), geometry.scaled(), scope), geometry.cut());
        }
        return new Layout(turn, region, geometry, cut);
    }

    /// With a focal point where turning and cutting have brought it.
    ///
    /// @param part what is left of the turned file
    private static Gravity focused(Gravity gravity, TurnPicture turn, Size file, Rect part) {
        if (!(gravity instanceof Gravity.Focal(Gravity.Point place)) || place == null) {
            return gravity;
        }
        Gravity.Point moved = turn.of(place);
        return new Gravity.Point(
                along(moved.x(), file.width(), part.left(), part.width()),
                along(moved.y(), file.height(), part.top(), part.height()));
    }

    private static double along(double place, int whole, int start, int length) {
        return Math.clamp((place * whole - start) / length, 0, 1);
    }

    /// Whether pixels decide, so that they are needed more than once.
    static boolean looks(Transformation wanted) {
        return wanted.trim() != null
                || (wanted.crop() != null && wanted.crop().gravity() instanceof Gravity.Smart)
                || wanted.resize().gravity() instanceof Gravity.Smart;
    }

    NativeImage of(NativeImage frame, ImageScope scope) throws VipsException {
        NativeImage part = region.of(turn.of(frame, scope), scope);
        return cut.of(ResizePicture.to(part, geometry.scaled(), scope), scope);
    }

    private static Rect eyeCatching(NativeImage image, Size size) throws VipsException {
        if (size.equals(new Size(image.width(), image.height()))) {
            return Rect.of(size);
        }
        try (NativeImage found = image.vips()
                .operation("smartcrop")
                .image("input", image)
                .with("width", size.width())
                .with("height", size.height())
                .with("interesting", "attention")
                .toImage()) {
            return new Rect(-found.offsetX(), -found.offsetY(), size.width(), size.height());
        }
    }
}
