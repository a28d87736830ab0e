package dev.safelight.usage;

import java.util.Locale;
import java.util.stream.Stream;

/// What storage, traffic and work are for.
public enum Feature {
    /// Originals.
    RAW,
    /// Variants, stored and delivered.
    VARIANTS,
    /// What other pictures are made from on request; never delivered.
    MEZZANINES,
    /// Pictures made on request, as delivered; how many of them are kept in the store is not known.
    DERIVED,
    /// Versions that became READY.
    PROCESSING;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Feature parse(String text) {
        return Stream.of(values())
                .filter(feature -> feature.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no feature is called " + text));
    }
}
