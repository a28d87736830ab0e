package dev.safelight.image;

/// The memory that a render takes at most, estimated from above: what the decoder holds, and every size until the end.
record Footprint(long bytes) {
    /// Of an operation whatever its size, such as tables of encoders.
    private static final long BASE = 1 << 20;

    /// Rows of the file that are decoded and not yet passed on.
    private static final long ROWS = 64;

    /// @param buffered whether the file comes in several passes, so that the decoder holds all of it
    static Footprint of(Probe probe, Plan plan, boolean buffered) {
        Size size = new Size(probe.width(), probe.height());
        long area = size.area();
        long samples = probe.hasAlpha() ? 4 : 3;
        long sampleBytes = probe.depth() > 8 ? 2 : 1;
        long all = area * samples * probe.frames();
        long decoder = switch (probe.mediaType()) {
            case JPEG -> {
                long shrink = Decoder.shrink(plan.reduction(size));
                // Turning a picture upright copies it, and coefficients take two bytes at any scale.
                yield (2 * area * samples / shrink / shrink) + (buffered ? 2 * area * samples : 0);
            }
            case PNG -> all + (buffered ? 2 * area * samples * sampleBytes : 0);
            // The canvas that frames are drawn on, and the one before it.
            case GIF, WEBP -> all + (2 * area * 4);
            // Samples may be floating point, and strips are as large as the file says.
            case TIFF -> (2 * all) + (area * samples * (sampleBytes == 1 ? 1 : 4));
            // Planes, the same as interleaved samples, and a copy where another library decodes.
            case AVIF, HEIC -> all + (3 * area * samples * sampleBytes);
            case JXL -> all + (2 * area * samples * 4);
            default -> all;
        };
        return new Footprint(decoder + targets(size, plan) * samples * probe.frames());
    }

    private static long targets(Size size, Plan plan) {
        return plan.targets().stream()
                .map(Target::scaled)
                .filter(scaled -> !scaled.equals(size))
                .mapToLong(Size::area)
                .sum();
    }

    /// For one picture on demand.
    ///
    /// A pipeline of rows holds some of the file's rows at each of its stages, and all of a file that comes
    /// in several passes; a picture in memory counts whole. Results are held once as pixels, and by the
    /// encoder as it needs them.
    static Footprint of(Probe probe, TransformJob job, boolean buffered) {
        long samples = probe.hasAlpha() ? 4 : 3;
        long area = (long) probe.width() * probe.height();
        double reduction = job.decodedReduction();
        long decoded = (long) (area / reduction / reduction * samples * job.frames());
        long passes = switch (probe.mediaType()) {
            case JPEG -> buffered ? 2 * area * samples : 0;
            case PNG -> buffered ? area * samples * (probe.depth() > 8 ? 4 : 2) : 0;
            // The canvas that frames are drawn on, and the one before it.
            case GIF, WEBP -> 2 * area * 4;
            case TIFF -> area * samples * (probe.depth() > 8 ? 4 : 1);
            // Planes, the same as interleaved samples, and a copy where another library decodes.
            case AVIF, HEIC -> 3 * area * samples * (probe.depth() > 8 ? 2 : 1);
            case JXL -> 2 * area * samples * 4;
            default -> 0;
        };
        long rows = ROWS * Math.round(probe.width() / reduction) * samples * 2;
        long results = Math.max(
                        job.geometry().result().area(),
                        job.needsScaled() ? job.geometry().scaled().area() : 0)
                * job.frames()
                * job.bytesOfResultPixel();
        boolean whole = switch (probe.mediaType()) {
            case GIF, PNG, SVG, AVIF, HEIC, JXL -> false;
            // Cameras write these lying on their side, which only shows once the file is open.
            default -> true;
        };
        long pixels = job.needsMemory() ? 2 * decoded : whole ? decoded : rows;
        return new Footprint(BASE + passes + pixels + results);
    }
}
