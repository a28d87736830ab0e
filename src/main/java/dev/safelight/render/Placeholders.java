package dev.safelight.render;

import dev.safelight.asset.MediaType;
import dev.safelight.render.DiskCache.Entry;
import dev.safelight.transform.Transformation.Resize;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Draws what stands in for a missing picture, in the size of the box that was asked for.
public final class Placeholders {
    private static final int WIDTH = 400;
    private static final int HEIGHT = 300;
    private static final int LONGEST = 4096;
    private static final URI ADDRESS = URI.create("placeholder://missing");

    private final DiskCache files;

    Placeholders(DiskCache files) {
        this.files = files;
    }

    /// A grey card with the outline of a picture, as wide and high as the box; 4:3 where a side is open.
    public Subject of(Resize box) throws IOException {
        int width = scaled(box.width(), box.height() == 0 ? WIDTH : Math.round(box.height() * 4 / 3f), box.dpr());
        int height = scaled(box.height(), box.width() == 0 ? HEIGHT : Math.round(box.width() * 3 / 4f), box.dpr());
        Subject.Foreign card = new Subject.Foreign(
                ADDRESS, "placeholder-" + width + "x" + height, MediaType.SVG, width, height, 1, false, Reuse.FREE);
        Optional<Entry> known = files.get(card.key());
        if (known.isEmpty()) {
            known = files.put(
                    card.key(),
                    card.group(),
                    "svg",
                    Map.of(),
                    svg(width, height).getBytes(StandardCharsets.UTF_8));
        }
        known.orElseThrow(() -> new IOException("a placeholder finds no room on the disk"))
                .close();
        return card;
    }

    static boolean drew(Subject.Foreign subject) {
        return subject.uri().equals(ADDRESS);
    }

    private static int scaled(int asked, int otherwise, double dpr) {
        return Math.clamp(Math.round((asked == 0 ? otherwise : asked) * dpr), 1, LONGEST);
    }

    private static String svg(int width, int height) {
        double unit = Math.min(width, height) / 100.0;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
                <rect width="%d" height="%d" fill="#e6e8eb"/>
                <g transform="translate(%s %s) scale(%s)" fill="none" stroke="#9aa1ab" stroke-width="3">
                <rect x="-30" y="-22" width="60" height="44" rx="4"/>
                <circle cx="-13" cy="-7" r="6"/>
                <path d="M-28 18L-8 2L4 12L16 -2L28 10"/>
                </g></svg>
                """.formatted(width, height, width, height, width, height, width / 2.0, height / 2.0, unit);
    }
}
