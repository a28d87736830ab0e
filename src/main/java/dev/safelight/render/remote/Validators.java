package dev.safelight.render.remote;

import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a host said about how long its picture is fresh, and by what to ask for it again.
///
/// @param entityTag as it came, with its quotes
/// @param lastModified as it came
/// @param freshFor how long to use the picture without asking
public record Validators(
        @Nullable String entityTag, @Nullable String lastModified, Duration freshFor) {
    static final Duration SHORTEST = Duration.ofSeconds(60);
    static final Duration LONGEST = Duration.ofDays(1);

    private static final Pattern ENTITY_TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]{0,200}\"");
    private static final Pattern AGE = Pattern.compile("(s-maxage|max-age)\\s*=\\s*\"?(\\d{1,18})\"?");
    private static final Pattern NOT_FRESH = Pattern.compile("no-store|no-cache(?!=)|private(?!=)");

    /// Reads headers, and drops what could not be sent back safely.
    static Validators of(@Nullable String entityTag, @Nullable String lastModified, @Nullable String cacheControl) {
        return new Validators(
                entityTag != null && ENTITY_TAG.matcher(entityTag).matches() ? entityTag : null,
                lastModified != null && isDate(lastModified) ? lastModified : null,
                freshFor(cacheControl));
    }

    private static boolean isDate(String text) {
        try {
            DateTimeFormatter.RFC_1123_DATE_TIME.parse(text);
            return true;
        } catch (DateTimeParseException other) {
            return false;
        }
    }

    private static Duration freshFor(@Nullable String cacheControl) {
        if (cacheControl == null) {
            return SHORTEST;
        }
        String text = cacheControl.toLowerCase(Locale.ROOT);
        if (NOT_FRESH.matcher(text).find()) {
            return SHORTEST;
        }
        long seconds = 0;
        for (Matcher age = AGE.matcher(text); age.find(); ) {
            seconds = Long.parseLong(age.group(2));
            if (age.group(1).equals("s-maxage")) {
                break;
            }
        }
        return Duration.ofSeconds(Math.clamp(seconds, SHORTEST.toSeconds(), LONGEST.toSeconds()));
    }
}
