package dev.safelight.render.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/// What a host lets a shared cache do with its picture, and for how long (RFC 9111 §4.2, §5.2.2): what is
/// made of it goes to anybody.
///
/// @param lifetime how long the picture is fresh from the request on
/// @param stated whether the host said so, and not we for want of a word
/// @param stale whether it may be used when it is no longer fresh
/// @param stored whether it may be kept at all
public record Freshness(Duration lifetime, boolean stated, boolean stale, boolean stored) {
    static final Duration UNSTATED = Duration.ofSeconds(60);
    static final Duration LONGEST = Duration.ofDays(1);

    /// A name, then perhaps a value, which may be quoted. Finds something in whatever a host sends.
    private static final Pattern DIRECTIVE = Pattern.compile("([^\\s,=]+)\\s*(?:=\\s*(\"[^\"]*\"?|[^,]*))?");
    private static final Pattern SECONDS = Pattern.compile("\\d+");
    private static final int MOST_DIGITS = 10;

    static boolean isIn(HttpFields fields) {
        return fields.contains(HttpHeader.CACHE_CONTROL) || fields.contains(HttpHeader.EXPIRES);
    }

    static Freshness of(HttpFields fields) {
        Map<String, String> said = directives(fields);
        boolean stored = !said.containsKey("no-store") && !isBare(said, "private");
        if (!stored || isBare(said, "no-cache")) {
            return new Freshness(Duration.ZERO, true, false, stored);
        }
        boolean stale = !said.containsKey("must-revalidate")
                && !said.containsKey("proxy-revalidate")
                && !said.containsKey("s-maxage");
        String seconds = said.containsKey("s-maxage") ? said.get("s-maxage") : said.get("max-age");
        if (seconds == null && !fields.contains(HttpHeader.EXPIRES)) {
            return new Freshness(UNSTATED, !stale, stale, true);
        }
        Duration stated = seconds == null ? untilExpires(fields) : seconds(seconds);
        Duration left = stated.minus(seconds(fields.get(HttpHeader.AGE)));
        return new Freshness(left.isNegative() ? Duration.ZERO : shorter(left, LONGEST), true, stale, true);
    }

    /// By name in lower case. The first value counts, but for a directive that once has none: that says the
    /// most.
    private static Map<String, String> directives(HttpFields fields) {
        Map<String, String> said = new HashMap<>();
        Matcher directive = DIRECTIVE.matcher(String.join(",", fields.getValuesList(HttpHeader.CACHE_CONTROL)));
        while (directive.find()) {
            String value = directive.group(2);
            said.merge(
                    directive.group(1).toLowerCase(Locale.ROOT),
                    value == null ? "" : value.replace("\"", "").strip(),
                    (first, other) -> other.isEmpty() ? "" : first);
        }
        return said;
    }

    /// With a value, it is about header fields alone, and none of those goes on from here.
    private static boolean isBare(Map<String, String> said, String name) {
        return "".equals(said.get(name));
    }

    /// What is no number counts as none, so that the picture is not fresh.
    private static Duration seconds(@Nullable String text) {
        if (text == null || !SECONDS.matcher(text).matches()) {
            return Duration.ZERO;
        }
        return text.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(text));
    }

    /// Nothing, unless both moments are known.
    private static Duration untilExpires(HttpFields fields) {
        Instant expires = moment(fields.get(HttpHeader.EXPIRES));
        Instant date = moment(fields.get(HttpHeader.DATE));
        return expires == null || date == null ? Duration.ZERO : Duration.between(date, expires);
    }

    static @Nullable Instant moment(@Nullable String text) {
        try {
            return text == null ? null : DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
        } catch (DateTimeParseException other) {
            return null;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
