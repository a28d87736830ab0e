package dev.safelight.transform;

import dev.safelight.asset.Failure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Lists of options that have a name; one called `default` is applied to every request first.
public final class Presets {
    public static final Presets NONE = new Presets(Map.of());

    private static final String STANDARD = "default";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Set<Option> NEVER = Set.of(Option.SIGNATURE, Option.VERSION, Option.EXPIRES);

    /// The options of one preset, split but not yet read.
    interface Preset {
        void applyTo(Draft draft);
    }

    private final Map<String, Preset> byName = new LinkedHashMap<>();

    /// @param texts by name, in either grammar: `width=300&fit=cover` or `rs:fill:300:300/q:80`
    /// @throws IllegalArgumentException naming the preset that cannot be read, is unknown, or uses itself
    public Presets(Map<String, String> texts) {
        texts.forEach((name, text) -> explain(name, () -> byName.put(name, parse(name, text))));
        texts.keySet()
                .forEach(name -> explain(name, () -> {
                    Draft draft = new Draft(this);
                    draft.preset(new Argument("preset", name));
                    draft.transformation();
                }));
    }

    private static void explain(String name, Runnable reading) {
        try {
            reading.run();
        } catch (Failure wrong) {
            throw new IllegalArgumentException(
                    "safelight.transform.presets.%s: %s".formatted(Argument.shown(name), wrong.publicMessage()), wrong);
        }
    }

    private static Preset parse(String name, String text) {
        if (!NAME.matcher(name).matches()) {
            throw new Argument("the name of a preset", name).refuse("made of letters, digits, dots, - and _");
        }
        QueryGrammar.requireLength(text.length());
        int equals = text.indexOf('=');
        int colon = text.indexOf(':');
        if (colon >= 0 && (equals < 0 || colon < equals)) {
            var options = ImgproxyGrammar.options(text);
            return draft -> ImgproxyGrammar.apply(options, draft);
        }
        Map<Option, Argument> given = QueryGrammar.options(text);
        for (Option option : given.keySet()) {
            if (NEVER.contains(option)) {
                throw new Failure(Failure.Kind.INVALID, "%s cannot be part of a preset".formatted(option.text()));
            }
        }
        return draft -> QueryGrammar.apply(given, draft);
    }

    Preset named(Argument name) {
        Preset preset = byName.get(name.text());
        if (preset == null) {
            throw name.refuse("the name of a preset from the configuration");
        }
        return preset;
    }

    void applyStandard(Draft draft) {
        if (byName.containsKey(STANDARD)) {
            draft.preset(new Argument("preset", STANDARD));
        }
    }

    public Set<String> names() {
        return Set.copyOf(byName.keySet());
    }
}
