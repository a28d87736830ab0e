package dev.safelight.delivery;

import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.CatalogEntry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/// A responsive picture, ready to be put into a page: as data, and as HTML to paste.
///
/// @param width of the original in pixels, as displayed
/// @param height of the original in pixels, as displayed
/// @param placeholder a `data:` URI of a blurred miniature
/// @param alt what the picture shows, for those who do not see it; plain text
/// @param sizes how wide the picture will be, as the HTML attribute of that name
/// @param sources the modern formats, best first
/// @param html the whole as an element, with the placeholder behind it unless the picture is transparent
public record Snippet(
        int width,
        int height,
        @Nullable String thumbHash,
        @Nullable String dominantColor,
        @Nullable String placeholder,
        String alt,
        String sizes,
        List<Source> sources,
        Img img,
        String html) {

    /// A format that browsers take if they know it.
    public record Source(String type, String srcset) {}

    /// What every browser takes.
    ///
    /// @param src for browsers that choose no width themselves
    public record Img(String src, String srcset, int width, int height) {}

    /// Smaller first where browsers support them; the fallback is what all do.
    private static final List<MediaType> MODERN = List.of(MediaType.AVIF, MediaType.WEBP);
    private static final List<MediaType> FALLBACK =
            List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.AVIF);
    /// A square detail of the picture; on a square original its proportions alone would not tell.
    private static final String CROPPED = "thumb";
    /// Wide enough for a page, and no burden on what cannot choose.
    private static final int COMMON_WIDTH = 1200;

    public Snippet {
        sources = List.copyOf(sources);
    }

    /// The snippet of an image, or empty when nothing of it may be delivered.
    ///
    /// @param sizes a value that [Sizes] accepts
    public static Optional<Snippet> of(CatalogEntry entry, VariantUrls urls, String alt, String sizes) {
        if (!entry.isDeliverable() || !(entry.version().facts() instanceof Facts.Image image)) {
            return Optional.empty();
        }
        Map<MediaType, List<Variant>> byFormat = entry.version().variants().stream()
                .filter(variant -> showsAll(variant, image))
                .collect(Collectors.groupingBy(
                        Variant::format, Collectors.collectingAndThen(Collectors.toList(), Snippet::onePerWidth)));
        Function<Variant, String> url = variant -> urls.issue(entry, variant).orElseThrow();
        return FALLBACK.stream()
                .filter(byFormat::containsKey)
                .findFirst()
                .map(fallback -> assemble(image, byFormat, fallback, url, alt, sizes));
    }

    private static Snippet assemble(
            Facts.Image image,
            Map<MediaType, List<Variant>> byFormat,
            MediaType fallback,
            Function<Variant, String> url,
            String alt,
            String sizes) {
        List<Source> sources = MODERN.stream()
                .filter(format -> format != fallback && byFormat.containsKey(format))
                .map(format -> new Source(format.text(), srcset(byFormat.getOrDefault(format, List.of()), url)))
                .toList();
        List<Variant> common = byFormat.getOrDefault(fallback, List.of());
        Variant src = common.stream()
                .filter(variant -> variant.width() <= COMMON_WIDTH)
                .reduce((narrower, wider) -> wider)
                .orElse(common.getFirst());
        Img img = new Img(url.apply(src), srcset(common, url), src.width(), src.height());
        String placeholder = image.thumbHash() == null
                ? null
                : Placeholder.ofThumbHash(image.thumbHash()).orElse(null);
        return new Snippet(
                image.width(),
                image.height(),
                image.thumbHash(),
                image.dominantColor(),
                placeholder,
                alt,
                sizes,
                sources,
                img,
                html(sources, img, alt, sizes, style(image, placeholder)));
    }

    /// Whether a variant has the proportions of the original, but for the rounding of its shorter side.
    private static boolean showsAll(Variant variant, Facts.Image image) {
        if (variant.name().equals(CROPPED)) {
            return false;
        }
        double height = (double) variant.width() * image.height() / image.width();
        double width = (double) variant.height() * image.width() / image.height();
        return Math.abs(variant.height() - height) <= 1 || Math.abs(variant.width() - width) <= 1;
    }

    private static List<Variant> onePerWidth(List<Variant> variants) {
        return List.copyOf(variants.stream()
                .sorted(Comparator.comparingLong(Variant::bytes).thenComparing(Variant::name))
                .collect(Collectors.toMap(
                        Variant::width, Function.identity(), (smaller, larger) -> smaller, TreeMap::new))
                .values());
    }

    private static String srcset(List<Variant> variants, Function<Variant, String> url) {
        return variants.stream()
                .map(variant -> url.apply(variant) + " " + variant.width() + "w")
                .collect(Collectors.joining(", "));
    }

    /// What shows until the picture has come. Behind a transparent picture it would show for good.
    private static String style(Facts.Image image, @Nullable String placeholder) {
        StringBuilder style = new StringBuilder("max-width:100%;height:auto");
        if (!image.hasAlpha() && image.dominantColor() != null) {
            style.append(";background-color:").append(image.dominantColor());
        }
        if (!image.hasAlpha() && placeholder != null) {
            style.append(";background-image:url(").append(placeholder).append(");background-size:cover");
        }
        return style.toString();
    }

    private static String html(List<Source> sources, Img img, String alt, String sizes, String style) {
        String element = "<img src=\"%s\" srcset=\"%s\" sizes=\"%s\" width=\"%d\" height=\"%d\" alt=\"%s\""
                        .formatted(
                                escape(img.src()),
                                escape(img.srcset()),
                                escape(sizes),
                                img.width(),
                                img.height(),
                                escape(alt))
                + " loading=\"lazy\" decoding=\"async\" style=\"%s\">".formatted(escape(style));
        if (sources.isEmpty()) {
            return element;
        }
        Stream<String> alternatives = sources.stream()
                .map(source -> "<source type=\"%s\" srcset=\"%s\" sizes=\"%s\">"
                        .formatted(source.type(), escape(source.srcset()), escape(sizes)));
        return Stream.concat(alternatives, Stream.of(element))
                .map(line -> "  " + line)
                .collect(Collectors.joining("\n", "<picture>\n", "\n</picture>"));
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }
}
