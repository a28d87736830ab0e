package dev.safelight.transform;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `/images/{assetId}[.ext]?width=300&…` and `/skus/{sku}/{role}[.ext]?…`; knows nothing of who may ask.
public final class QueryGrammar {
    static final int MOST_OPTIONS = 40;
    static final int LONGEST_URL = 8192;
    private static final Pattern SKU = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._~+-]{0,99}");
    private static final Pattern ROLE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    private final Presets presets;

    public QueryGrammar(Presets presets) {
        this.presets = presets;
    }

    /// Whether a raw path is of this grammar.
    public static boolean claims(String path) {
        return path.startsWith("/images/") || path.startsWith("/skus/");
    }

    /// @param path raw, as it came
    /// @param query raw, without the question mark
    /// @throws Failure for anything that is not a request of this grammar
    public ImageRequest read(String path, @Nullable String query) {
        requireLength(path.length() + (query == null ? 0 : query.length() + 1));
        Draft draft = new Draft(presets);
        presets.applyStandard(draft);
        Map<Option, Argument> given = options(query == null ? "" : query);
        apply(given, draft);
        Source source = source(path, given, draft);
        return draft.request(source);
    }

    static void requireLength(int length) {
        if (length > LONGEST_URL) {
            throw new Failure(
                    Failure.Kind.INVALID, "the URL has %d characters; at most %d".formatted(length, LONGEST_URL));
        }
    }

    /// The options of a query, decoded; each once.
    static Map<Option, Argument> options(String query) {
        Map<Option, Argument> given = new EnumMap<>(Option.class);
        if (query.isEmpty()) {
            return given;
        }
        List<Argument> parts = new Argument("the query", query)
                .split('&', 1, MOST_OPTIONS, "at most %d options".formatted(MOST_OPTIONS));
        for (Argument part : parts) {
            if (part.text().isEmpty()) {
                throw new Failure(Failure.Kind.INVALID, "there is an empty option: one & too many");
            }
            int equals = part.text().indexOf('=');
            String name = equals < 0 ? part.text() : part.text().substring(0, equals);
            Option option = Option.named(name).orElseThrow(() -> unknown(name));
            String value =
                    equals < 0 ? "" : PercentText.decode(name, part.text().substring(equals + 1), true);
            if (value.isEmpty()) {
                throw new Failure(Failure.Kind.INVALID, "%s needs a value: %s".formatted(name, option.allowed()));
            }
            if (given.put(option, new Argument(name, value)) != null) {
                throw new Failure(Failure.Kind.INVALID, "%s is given twice".formatted(option.text()));
            }
        }
        return given;
    }

    /// Presets come first, wherever they stand, so that the order of options means nothing.
    static void apply(Map<Option, Argument> given, Draft draft) {
        Argument presets = given.get(Option.PRESET);
        if (presets != null) {
            Option.PRESET.read(draft, presets);
        }
        given.forEach((option, value) -> {
            if (option != Option.PRESET) {
                option.read(draft, value);
            }
        });
    }

    private static Failure unknown(String name) {
        return new Failure(
                Failure.Kind.INVALID,
                "there is no option \"%s\"; those that exist are listed in docs/transformations.md"
                        .formatted(Argument.shown(name)));
    }

    private static Source source(String path, Map<Option, Argument> given, Draft draft) {
        List<String> segments = List.of(path.split("/", -1));
        if (segments.size() == 3 && segments.get(1).equals("images")) {
            String name = withoutExtension(segments.get(2), given, draft);
            AssetId id = AssetId.parse(name).orElseThrow(QueryGrammar::nothingThere);
            return new Source.Asset(id, draft.version);
        }
        if (segments.size() == 4 && segments.get(1).equals("skus")) {
            if (given.containsKey(Option.VERSION)) {
                throw new Failure(Failure.Kind.INVALID, "v is the version of an asset and has no meaning for a SKU");
            }
            String role = withoutExtension(segments.get(3), given, draft);
            return sku(PercentText.decode("the SKU", segments.get(2), false), role);
        }
        throw nothingThere();
    }

    static Source.Sku sku(String sku, String role) {
        if (!SKU.matcher(sku).matches() || !ROLE.matcher(role).matches()) {
            throw nothingThere();
        }
        return new Source.Sku(sku, role);
    }

    static Failure nothingThere() {
        return new Failure(Failure.Kind.NOT_FOUND, "there is no picture at this address");
    }

    private static String withoutExtension(String segment, Map<Option, Argument> given, Draft draft) {
        int dot = segment.indexOf('.');
        if (dot < 0) {
            return segment;
        }
        MediaType type = new Argument("the extension", segment.substring(dot + 1)).format();
        Argument format = given.get(Option.FORMAT);
        if (format != null && draft.format != type) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "the extension \"%s\" and %s=%s contradict each other; give one of them"
                            .formatted(segment.substring(dot + 1), format.option(), format.text()));
        }
        draft.format = type;
        draft.mark(Option.FORMAT);
        return segment.substring(0, dot);
    }
}
