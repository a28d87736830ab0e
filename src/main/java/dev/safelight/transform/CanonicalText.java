package dev.safelight.transform;

import dev.safelight.asset.Failure;
import java.util.ArrayList;
import java.util.List;

/// The one spelling of a transformation, in the query form: fixed order, no defaults. What equal transformations share.
public final class CanonicalText {
    private CanonicalText() {}

    public static String of(Transformation transformation) {
        List<String> parts = new ArrayList<>();
        for (Option option : Option.values()) {
            String value = option.write(transformation);
            if (!value.isEmpty()) {
                parts.add(option.text() + "=" + value);
            }
        }
        return String.join("&", parts);
    }

    /// Reads any spelling of the query form, without presets.
    ///
    /// @throws Failure when it is none
    public static Transformation read(String text) {
        QueryGrammar.requireLength(text.length());
        var given = QueryGrammar.options(text);
        for (Option option : given.keySet()) {
            if (!option.shapesPicture()) {
                throw new Failure(Failure.Kind.INVALID, "%s is no part of a transformation".formatted(option.text()));
            }
        }
        Draft draft = new Draft(Presets.NONE);
        QueryGrammar.apply(given, draft);
        if (draft.widthHint || draft.dprHint) {
            throw new Failure(Failure.Kind.INVALID, "width=auto and dpr=auto need a client");
        }
        return draft.transformation();
    }
}
