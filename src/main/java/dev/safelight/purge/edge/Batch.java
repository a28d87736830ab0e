package dev.safelight.purge.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Cuts lists into pieces that an API takes.
final class Batch {
    private Batch() {}

    /// The texts of the targets of one form.
    static <T extends EdgeTarget> List<T> only(Class<T> form, List<EdgeTarget> targets) {
        return targets.stream().filter(form::isInstance).map(form::cast).toList();
    }

    /// @param most items of a piece
    static <T> List<List<T>> of(List<T> items, int most) {
        return of(items, most, Integer.MAX_VALUE, item -> 0);
    }

    /// @param most items of a piece
    /// @param mostBytes of a piece; an item that is larger is a piece by itself
    static <T> List<List<T>> of(List<T> items, int most, int mostBytes, ToIntFunction<T> bytes) {
        List<List<T>> pieces = new ArrayList<>();
        List<T> piece = new ArrayList<>();
        long size = 0;
        for (T item : items) {
            int length = bytes.applyAsInt(item);
            if (!piece.isEmpty() && (piece.size() == most || size + length > mostBytes)) {
                pieces.add(List.copyOf(piece));
                piece.clear();
                size = 0;
            }
            piece.add(item);
            size += length;
        }
        if (!piece.isEmpty()) {
            pieces.add(List.copyOf(piece));
        }
        return pieces;
    }

    /// What is said of items, under each host.
    static List<String> under(List<String> hosts, Function<String, String> address) {
        return hosts.stream().map(address).toList();
    }
}
