package dev.safelight.transform;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what stands behind the signature in imgproxy's URLs: `/rs:fill:300:400/plain/{source}@{ext}` or the same with
/// the source in base64url. As there, later options override earlier ones.
public final class ImgproxyGrammar {
    private static final int LONGEST_ADDRESS = 2048;
    private static final Pattern VERSIONED = Pattern.compile("([0-9a-f-]{36})(?:/v([1-9][0-9]{0,8}))?");

    /// What RFC 3986 lets stand in a URI; anything else is encoded.
    private static final String URI_CHARACTERS = "-._~:/?#[]@!$&'()*+,;=%";

    private final Presets presets;

    public ImgproxyGrammar(Presets presets) {
        this.presets = presets;
    }

    /// An option with its arguments, not yet read.
    record Entry(ImgproxyOption option, Arguments arguments) {}

    /// @param path behind the signature, starting with a slash, as [ImgproxyPaths#split] gives it
    /// @throws Failure for anything that is not a request of this grammar
    public ImageRequest read(String path) {
        QueryGrammar.requireLength(path.length());
        List<String> segments =
                List.of(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
        int options = 0;
        while (options < segments.size() && segments.get(options).indexOf(':') >= 0) {
            options++;
        }
        Draft draft = new Draft(presets);
        presets.applyStandard(draft);
        apply(entries(segments.subList(0, options)), draft);
        Source source = source(segments.subList(options, segments.size()), draft);
        return draft.request(source);
    }

    /// The options of a preset, which has no source.
    static List<Entry> options(String text) {
        return entries(List.of(text.split("/", -1)));
    }

    private static List<Entry> entries(List<String> segments) {
        if (segments.size() > QueryGrammar.MOST_OPTIONS) {
            throw new Failure(Failure.Kind.INVALID, "at most %d options".formatted(QueryGrammar.MOST_OPTIONS));
        }
        return segments.stream().map(ImgproxyGrammar::entry).toList();
    }

    private static Entry entry(String segment) {
        List<String> parts = List.of(segment.split(":", -1));
        String name = parts.getFirst();
        if (parts.size() < 2) {
            throw new Failure(
                    Failure.Kind.INVALID, "\"%s\" is no option with arguments".formatted(Argument.shown(segment)));
        }
        if (ImgproxyOption.isRefused(name)) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "%s is not supported: it belongs to the Pro edition or lifts limits".formatted(name));
        }
        ImgproxyOption option = ImgproxyOption.named(name)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "there is no option \"%s\"; those that exist are listed in docs/transformations.md"
                                .formatted(Argument.shown(name))));
        return new Entry(option, new Arguments(name, parts.subList(1, parts.size())));
    }

    static void apply(List<Entry> entries, Draft draft) {
        entries.forEach(entry -> entry.option().read(draft, entry.arguments()));
    }

    private static Source source(List<String> segments, Draft draft) {
        if (segments.isEmpty() || segments.equals(List.of(""))) {
            throw new Failure(Failure.Kind.INVALID, "the URL names no source");
        }
        if (segments.getFirst().equals("enc")) {
            throw new Failure(Failure.Kind.INVALID, "encrypted sources are not supported; use plain/ or base64url");
        }
        boolean plain = segments.getFirst().equals("plain") && segments.size() > 1;
        String encoded = plain ? String.join("/", segments.subList(1, segments.size())) : String.join("", segments);
        Argument whole = new Argument("the source", encoded);
        List<Argument> halves = whole.split(plain ? '@' : '.', 1, 2, "a source with one extension at most");
        String text = halves.getFirst().text();
        if (text.isEmpty()) {
            throw new Failure(Failure.Kind.INVALID, "the URL names no source");
        }
        if (halves.size() == 2 && !halves.get(1).isEmpty()) {
            ImgproxyValues.format(
                    draft, new Argument("the extension", halves.get(1).text()));
        }
        return named(plain ? PercentText.decode("the source", text, false) : ImgproxyValues.base64("the source", text));
    }

    private static Source named(String text) {
        Argument value = new Argument("the source", text);
        String asset = text.startsWith("asset:") ? text.substring("asset:".length()) : text;
        Matcher versioned = VERSIONED.matcher(asset);
        if (versioned.matches() && AssetId.parse(versioned.group(1)).isPresent()) {
            String version = versioned.group(2);
            return new Source.Asset(
                    AssetId.parse(versioned.group(1)).orElseThrow(), version == null ? null : Integer.valueOf(version));
        }
        if (text.startsWith("sku:")) {
            String[] parts = text.substring("sku:".length()).split("/", -1);
            if (parts.length == 2) {
                return QueryGrammar.sku(parts[0], parts[1]);
            }
        }
        String key = text.startsWith("local:///") ? text.substring("local:///".length()) : text;
        if (Source.StoredKey.isOpen(key)) {
            return new Source.StoredKey(key);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return remote(value);
        }
        throw value.refuse("the id of an asset, asset:id, sku:sku/role, a key that starts with raw/ or processed/"
                + " (local:/// may stand before it), or an http or https address");
    }

    private static Source.Remote remote(Argument value) {
        String allowed = "an http or https address of at most %d characters, without user and fragment"
                .formatted(LONGEST_ADDRESS);
        try {
            URI address = new URI(encoded(value.text()));
            if (address.getHost() == null
                    || address.getRawUserInfo() != null
                    || address.getRawFragment() != null
                    || address.getPort() > 65_535
                    || value.text().length() > LONGEST_ADDRESS) {
                throw value.refuse(allowed);
            }
            return new Source.Remote(address);
        } catch (URISyntaxException _) {
            throw value.refuse(allowed);
        }
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean allowed = c < 128 && (Character.isLetterOrDigit(c) || URI_CHARACTERS.indexOf(c) >= 0);
            out.append(allowed ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return out.toString();
    }
}
