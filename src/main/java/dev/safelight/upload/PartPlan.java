package dev.safelight.upload;

import dev.safelight.store.MultipartUploads;
import dev.safelight.store.StoredPart;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// How an upload is cut into parts: equal ones, of which the last may be shorter; or as its client cuts them.
///
/// Equal parts are what every S3 service takes, and let the server tell each part's size before it is sent. The
/// uploaders of browsers cut by rules of their own, and are held to the size of the whole alone.
///
/// @param bytes of the whole upload; the most allowed where its size is not known
/// @param partBytes of every part but the last; 0 when the client chooses
record PartPlan(long bytes, long partBytes) {
    /// The smallest part that S3 takes, unless it is the last.
    static final long SMALLEST = MultipartUploads.SMALLEST_PART;

    static final int MOST_PARTS = MultipartUploads.MOST_PARTS;
    private static final long STEP = 1L << 20;

    /// Parts of the preferred size, or as much larger as 10,000 of them need to be.
    static PartPlan equal(long bytes, long preferred) {
        long least = -Math.floorDiv(-bytes, (long) MOST_PARTS);
        long rounded = -Math.floorDiv(-least, STEP) * STEP;
        return new PartPlan(bytes, Math.max(preferred, rounded));
    }

    static PartPlan clients(long bytes) {
        return new PartPlan(bytes, 0);
    }

    boolean isEqual() {
        return partBytes > 0;
    }

    /// The number of parts; the highest possible when the client cuts them.
    int count() {
        long least = isEqual() ? partBytes : SMALLEST;
        return (int) Math.min(MOST_PARTS, Math.max(1, -Math.floorDiv(-bytes, least)));
    }

    /// The exact size of a part, where the server knows it.
    OptionalLong sizeOf(int number) {
        if (!isEqual()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(number < count() ? partBytes : bytes - partBytes * (count() - 1L));
    }

    /// What keeps stored parts from being joined, part by part; empty when they are whole.
    ///
    /// @param sizeKnown whether they must have exactly [#bytes()] together, or at most that
    List<String> faults(List<StoredPart> parts, boolean sizeKnown) {
        List<String> faults = new ArrayList<>();
        int last = isEqual() ? count() : parts.size();
        Set<Integer> stored = parts.stream().map(StoredPart::number).collect(Collectors.toSet());
        for (int number = 1; number <= last; number++) {
            if (!stored.contains(number)) {
                faults.add("part %d is missing".formatted(number));
            }
        }
        long together = 0;
        for (StoredPart part : parts) {
            together += part.bytes();
            if (part.number() > last) {
                faults.add("part %d is one too many".formatted(part.number()));
            } else if (sizeOf(part.number()).orElse(part.bytes()) != part.bytes()) {
                faults.add("part %d has %d bytes instead of %d"
                        .formatted(
                                part.number(),
                                part.bytes(),
                                sizeOf(part.number()).orElseThrow()));
            }
        }
        if (faults.isEmpty() && parts.isEmpty()) {
            faults.add("no part has arrived");
        } else if (faults.isEmpty() && (sizeKnown ? together != bytes : together > bytes)) {
            faults.add("the parts have %d bytes together instead of %s%d"
                    .formatted(together, sizeKnown ? "" : "at most ", bytes));
        }
        return faults;
    }
}
