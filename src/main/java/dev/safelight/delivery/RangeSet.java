package dev.safelight.delivery;

import dev.safelight.store.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a `Range` field selects of a representation (RFC 9110 §14).
sealed interface RangeSet {
    /// Everything: the field is malformed, of another unit, or asks for more parts than are worth their cost.
    record All() implements RangeSet {}

    /// One or several ranges, in the order asked for, none touching the bytes of another.
    record Some(List<ByteRange> ranges) implements RangeSet {
        public Some {
            ranges = List.copyOf(ranges);
        }
    }

    /// Nothing: every range lies behind the end.
    record None() implements RangeSet {}

    /// Clients that read documents or video page by page stay far below; only attackers ask for more.
    int MAX_RANGES = 8;

    Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");

    /// @param bytes the length of the representation
    static RangeSet select(String field, long bytes) {
        int equals = field.indexOf('=');
        if (equals < 0 || !field.substring(0, equals).equalsIgnoreCase("bytes")) {
            return new All();
        }
        List<ByteRange> ranges = new ArrayList<>();
        int specs = 0;
        for (String element : field.substring(equals + 1).split(",", -1)) {
            String spec = element.strip();
            if (spec.isEmpty()) {
                continue;
            }
            Matcher parts = SPEC.matcher(spec);
            if (!parts.matches() || !isWellFormed(parts) || ++specs > MAX_RANGES) {
                return new All();
            }
            resolve(parts, bytes).ifPresent(ranges::add);
        }
        if (specs == 0 || overlap(ranges)) {
            return new All();
        }
        return ranges.isEmpty() ? new None() : new Some(ranges);
    }

    private static boolean isWellFormed(Matcher spec) {
        if (spec.group(1).isEmpty()) {
            return !spec.group(2).isEmpty();
        }
        return spec.group(2).isEmpty() || number(spec.group(1)) <= number(spec.group(2));
    }

    /// The bytes that one range means here; empty when there are none.
    private static Optional<ByteRange> resolve(Matcher spec, long bytes) {
        boolean suffix = spec.group(1).isEmpty();
        long first = suffix ? Math.max(0, bytes - number(spec.group(2))) : number(spec.group(1));
        long last = suffix || spec.group(2).isEmpty() ? bytes - 1 : Math.min(number(spec.group(2)), bytes - 1);
        return first <= last ? Optional.of(new ByteRange(first, last)) : Optional.empty();
    }

    /// A position may have any number of digits; all that do not fit lie behind every end.
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    private static boolean overlap(List<ByteRange> ranges) {
        for (int i = 0; i < ranges.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (ranges.get(i).first() <= ranges.get(j).last()
                        && ranges.get(j).first() <= ranges.get(i).last()) {
                    return true;
                }
            }
        }
        return false;
    }
}
