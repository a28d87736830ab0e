package dev.safelight.image;

/// The memory that a render takes at most, estimated from above: what the decoder holds, and every size until the end.
record Footprint(long bytes) {
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
}
