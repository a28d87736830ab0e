package dev.safelight.transform;

import java.util.ArrayList;
import java.util.List;

/// Which client hints a request takes part in.
///
/// @param width of `width=auto`
/// @param dpr of `dpr=auto`
public record Hints(boolean width, boolean dpr) {
    public static final Hints NONE = new Hints(false, false);

    /// The header fields that the answer depends on, for `Vary` and `Accept-CH`.
    public List<String> fields() {
        List<String> fields = new ArrayList<>();
        if (width) {
            fields.addAll(List.of("Sec-CH-Width", "Width"));
        }
        if (dpr) {
            fields.addAll(List.of("Sec-CH-DPR", "DPR"));
        }
        return List.copyOf(fields);
    }
}
