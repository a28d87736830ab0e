package dev.safelight.web;

import dev.safelight.asset.Failure;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a list.
///
/// @param nextCursor where the list goes on; null on the last page
public record Page<T>(List<T> entries, @Nullable String nextCursor) {
    private static final int LARGEST = 200;

    public Page {
        entries = List.copyOf(entries);
    }

    /// How many entries a page may have at most, as a client asks for it.
    ///
    /// @throws Failure invalid, unless that is 1 to 200
    public static int size(String limit) {
        return size(limit, LARGEST);
    }

    /// The same where pages may be larger.
    public static int size(String limit, int largest) {
        int size = limit.matches("[0-9]{1,9}") ? Integer.parseInt(limit) : 0;
        if (size < 1 || size > largest) {
            throw new Failure(Failure.Kind.INVALID, "The limit must be 1 to " + largest + ".");
        }
        return size;
    }

    /// @param found one entry more than the page has, where the list goes on
    /// @param cursor behind an entry
    public static <T> Page<T> of(List<T> found, int size, Function<T, String> cursor) {
        List<T> entries = found.subList(0, Math.min(size, found.size()));
        return new Page<>(entries, found.size() > size ? cursor.apply(entries.getLast()) : null);
    }
}
