package dev.safelight.render;

import dev.safelight.asset.MediaType;
import dev.safelight.asset.Variant;
import dev.safelight.image.Geometry;
import dev.safelight.transform.Transformation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Picks the cheapest source that is good enough: decoding is most of the work, and it grows with the pixels.
///
/// A source with twice the pixels needed in each direction gives a result that cannot be told from one made
/// of the original (PSNR-Y within 0.2 dB on photos). Where there is none, one with a quarter more will do:
/// the resampling then hides the first compression still. Below that, the original is worth its price.
final class SourcePlanner {
    private static final double AMPLE = 2;
    private static final double ENOUGH = 1.25;

    private SourcePlanner() {}

    static Source choose(Subject subject, Transformation wanted) {
        return switch (subject) {
            case Subject.Stored stored -> choose(stored, wanted);
            case Subject.Derived derived -> new Source.Smaller(derived.version(), derived.variant());
            case Subject.Foreign foreign -> new Source.Foreign(foreign);
        };
    }

    /// The largest source that is cheap, for a picture whose size on the result is not known in advance.
    static Source whole(Subject subject) {
        return switch (subject) {
            case Subject.Stored stored
            when stored.type() != MediaType.SVG ->
                stored.version().mezzanines().stream()
                        .max(Comparator.comparingInt(Variant::width))
                        .<Source>map(mezzanine -> new Source.Smaller(stored.version(), mezzanine))
                        .orElseGet(() -> original(stored, Transformation.NONE, "the only one"));
            case Subject.Stored _, Subject.Derived _, Subject.Foreign _ -> choose(subject, Transformation.NONE);
        };
    }

    private static Source choose(Subject.Stored stored, Transformation wanted) {
        Optional<String> insists = insistsOnOriginal(stored, wanted);
        if (insists.isPresent()) {
            return original(stored, wanted, insists.get());
        }
        double scale =
                Geometry.of(stored.width(), stored.height(), false, wanted).scale();
        List<Variant> smallestFirst = stored.version().mezzanines().stream()
                .sorted(Comparator.comparingInt(Variant::width))
                .toList();
        return smallestFirst.stream()
                .filter(mezzanine -> serves(mezzanine, stored, scale * AMPLE))
                .findFirst()
                .or(() -> smallestFirst.stream()
                        .filter(mezzanine -> serves(mezzanine, stored, scale * ENOUGH))
                        .reduce((_, larger) -> larger))
                .<Source>map(mezzanine -> new Source.Smaller(stored.version(), mezzanine))
                .orElseGet(() -> original(stored, wanted, "nothing smaller is large enough"));
    }

    private static Optional<String> insistsOnOriginal(Subject.Stored stored, Transformation wanted) {
        if (stored.type() == MediaType.SVG) {
            return Optional.of("drawn at any size");
        }
        if (!wanted.turn().auto()) {
            return Optional.of("as the camera held it");
        }
        if (wanted.frames().first() > 0) {
            return Optional.of("a later page");
        }
        return isAnimated(stored, wanted) ? Optional.of("animated") : Optional.empty();
    }

    private static boolean isAnimated(Subject.Stored stored, Transformation wanted) {
        MediaType format = wanted.output().format();
        return stored.frames() > 1
                && wanted.frames().animated()
                && (stored.type() == MediaType.GIF || stored.type() == MediaType.WEBP)
                && (format == MediaType.GIF || format == MediaType.WEBP);
    }

    /// Whether a source has a part of the original's resolution; all of it is always enough.
    private static boolean serves(Variant mezzanine, Subject.Stored stored, double part) {
        return mezzanine.width() >= Math.min(1, part) * stored.width()
                && mezzanine.height() >= Math.floor(Math.min(1, part) * stored.height());
    }

    private static Source original(Subject.Stored stored, Transformation wanted, String why) {
        long frames = isAnimated(stored, wanted) ? stored.frames() : 1;
        return new Source.Original(
                stored.version(), stored.type(), (long) stored.width() * stored.height() * frames, why);
    }
}
