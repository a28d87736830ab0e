import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A page of pictures with captions, in a folder that needs nothing else.
final class ContactSheet {
    private static final Pattern BOX = Pattern.compile("[?&]w=(\\d+)&h=(\\d+)");
    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Safelight, every operation</title>
            <style>
            body { font: 13px/1.4 system-ui, sans-serif; margin: 24px; background: #fff; color: #222 }
            section { display: flex; flex-wrap: wrap; gap: 18px; align-items: flex-start }
            h2 { margin: 28px 0 2px } p { margin: 0 0 10px; color: #555 }
            figure { margin: 0; width: min-content; min-width: 190px }
            .box { position: relative; width: max-content }
            .box i { position: absolute; inset: 0 auto auto 0; outline: 1px dashed #06c; pointer-events: none }
            img { display: block; max-width: 640px; max-height: 480px;
              background: repeating-conic-gradient(#ddd 0 25%, #fff 0 50%) 0 0 / 16px 16px }
            figcaption { margin-top: 4px; overflow-wrap: anywhere } code { font-size: 12px; font-weight: 600 }
            .bad { border: 3px solid #d00; padding: 6px; background: #fee; color: #a00 }
            </style></head><body><h1>Every operation</h1>
            <p>Dashed: the box that was asked for. Checkered: transparent.</p>
            """;

    private final StringBuilder page = new StringBuilder(HEAD);

    void open(String title, String note) {
        page.append("<h2>%s</h2><p>%s</p>\n<section>\n".formatted(escaped(title), escaped(note)));
    }

    void close() {
        page.append("</section>\n");
    }

    /// @param file beside the page
    /// @param lines what is known about it
    void picture(String file, String asked, String... lines) {
        Matcher box = BOX.matcher(asked);
        String size = box.find() ? "width:%spx;height:%spx".formatted(box.group(1), box.group(2)) : "";
        String outline = size.isEmpty() ? "" : "<i style=\"%s\"></i>".formatted(size);
        page.append("<figure><div class=\"box\" style=\"%s\"><img src=\"%s\" alt=\"\">%s</div>%s</figure>\n"
                .formatted(size.replace("width", "min-width").replace("height", "min-height"), escaped(file), outline, caption(asked, lines)));
    }

    void failure(String asked, String... lines) {
        page.append("<figure class=\"bad\">%s</figure>\n".formatted(caption(asked, lines)));
    }

    private static String caption(String asked, String... lines) {
        StringBuilder text = new StringBuilder("<figcaption><code>" + escaped(asked) + "</code>");
        for (String line : lines) {
            text.append("<br>").append(escaped(line));
        }
        return text.append("</figcaption>").toString();
    }

    void write(Path file) throws IOException {
        Files.writeString(file, page + "</body></html>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
