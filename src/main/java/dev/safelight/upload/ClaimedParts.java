package dev.safelight.upload;

import dev.safelight.asset.Failure;
import dev.safelight.store.StoredPart;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The parts that an uploader says it has sent, each with the entity tag that the store answered.
final class ClaimedParts {
    private static final Pattern ETAG = Pattern.compile("[\\x21\\x23-\\x7e]{1,128}");

    private final SortedMap<Integer, StoredPart> parts = new TreeMap<>();

    /// @throws Failure INVALID for what cannot be a part, or is one twice
    void add(@Nullable Integer number, @Nullable String etag) {
        if (number == null || number < 1 || number > PartPlan.MOST_PARTS) {
            throw new Failure(
                    Failure.Kind.INVALID, "Each part needs a PartNumber from 1 to %d.".formatted(PartPlan.MOST_PARTS));
        }
        String plain = etag == null ? "" : etag.strip().replaceAll("^\"|\"$", "");
        if (!ETAG.matcher(plain).matches()) {
            throw new Failure(
                    Failure.Kind.INVALID, "Part %d needs the ETag that the store answered.".formatted(number));
        }
        if (parts.put(number, new StoredPart(number, 0, plain)) != null) {
            throw new Failure(Failure.Kind.INVALID, "Part %d is named twice.".formatted(number));
        }
    }

    /// By number; never empty.
    List<StoredPart> all() {
        if (parts.isEmpty()) {
            throw new Failure(Failure.Kind.INVALID, "The parts to be joined must be named: at least one.");
        }
        return List.copyOf(parts.values());
    }
}
