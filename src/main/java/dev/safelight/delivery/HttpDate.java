package dev.safelight.delivery;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Dates as HTTP writes them (RFC 9110 §5.6.7): one form to send, three to understand.
final class HttpDate {
    private static final DateTimeFormatter FIXED = format("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    private static final List<DateTimeFormatter> OBSOLETE = List.of(
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.of(1970, 1, 1))
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US)
                    .withZone(ZoneOffset.UTC),
            format("EEE MMM ppd HH:mm:ss uuuu"));

    private HttpDate() {}

    static String write(Instant instant) {
        return FIXED.format(instant);
    }

    /// Empty for what is no date: such a condition is to be ignored.
    static Optional<Instant> parse(String text) {
        return parse(text, FIXED)
                .or(() -> OBSOLETE.stream()
                        .flatMap(form -> parse(text, form).stream())
                        .findFirst());
    }

    private static Optional<Instant> parse(String text, DateTimeFormatter form) {
        try {
            return Optional.of(form.parse(text, Instant::from));
        } catch (DateTimeException otherForm) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }
}
