package dev.safelight.image;

/// The memory that a render takes at most, estimated from above: what the decoder holds, and every size
/// until the end.
record Footprint(long bytes) {
    /// Of an operation whatever its size, such as tables of encoders.
    private static final long BASE = 1 << 20;

    /// Rows of the file that are decoded and not yet passed on: libvips keeps up to 1970 of them,
    /// counted over all of its caches, whatever the size of the result; 1500 as floating point, where
    /// alpha weighs them.
    private static final long ROWS = 2048;

    /// Of a picture with alpha for each of those rows; else a pixel takes what its samples do.
    private static final long WEIGHED = 12;

    /// As often a low picture may be in those caches.
    private static final long CACHES = 3;

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

    /// For one picture on demand: its file, the results as pixels and in the encoder, and the watermark.
    ///
    /// @param buffered whether the file comes in several passes, so that the decoder holds all of it
    static Footprint of(Probe probe, TransformJob job, boolean buffered) throws ImageRejected {
        double reduction = job.decodedReduction();
        long results = Math.max(job.resultArea(), job.scaledArea()) * job.frames() * job.bytesOfResultPixel();
        return new Footprint(BASE
                + file(probe, reduction, job.frames(), job.needsMemory(), buffered)
                + results
                + job.watermarkBytes());
    }

    /// A pipeline of rows holds some of the file's rows at each of its stages, and all of a file that comes
    /// in several passes; a picture in memory counts whole.
    ///
    /// @param reduction of the pixels that come out of the decoder
    /// @param frames that are decoded
    /// @param whole whether all of them are held
    static long file(Probe probe, double reduction, int frames, boolean whole, boolean buffered) {
        long samples = probe.hasAlpha() ? 4 : 3;
        long area = (long) probe.width() * probe.height();
        long passes = switch (probe.mediaType()) {
            case JPEG -> buffered ? 2 * area * samples : 0;
            case PNG -> buffered ? area * samples * (probe.depth() > 8 ? 4 : 2) : 0;
            // The canvas that frames are drawn on, and the one before it.
            case GIF, WEBP -> 2 * area * 4;
            // Strips are as large as the file says.
            case TIFF -> area * samples * (probe.depth() > 8 ? 4 : 1);
            // Planes, the same as interleaved samples, a copy where another library decodes, and what pictures are
            // predicted from.
            case AVIF, HEIC -> 5 * area * samples * (probe.depth() > 8 ? 2 : 1);
            case JXL -> 2 * area * samples * 4;
            default -> 0;
        };
        long decoded = (long) (area / reduction / reduction * samples * frames);
        // What is in memory needs no caches between the stages, but each of them works on some rows.
        return passes + (whole ? decoded * (frames > 1 ? 2 : 1) + rows(probe, reduction) / 2 : rows(probe, reduction));
    }

    private static long rows(Probe probe, double reduction) {
        boolean lying = probe.orientation() >= 5;
        long width = (long) Math.ceil((lying ? probe.height() : probe.width()) / reduction);
        long height = (long) Math.ceil((lying ? probe.width() : probe.height()) / reduction);
        long pixel = (probe.hasAlpha() ? WEIGHED : 3) * (probe.isConverted() ? 2 : 1);
        return Math.min(ROWS, CACHES * height) * width * pixel;
    }
}
