package dev.safelight.transform;

import java.util.List;

/// The arguments of one option of imgproxy: at least one, and an empty one counts as left out.
record Arguments(String option, List<String> values) {
    Arguments {
        values = List.copyOf(values);
    }

    int count() {
        return values.size();
    }

    boolean has(int index) {
        return index < values.size() && !values.get(index).isEmpty();
    }

    Argument at(int index) {
        return new Argument(option, index < values.size() ? values.get(index) : "");
    }

    /// Everything, as it was written.
    Argument whole() {
        return new Argument(option, String.join(":", values));
    }

    Argument only() {
        atMost(1);
        return at(0);
    }

    Arguments atMost(int count) {
        if (values.size() > count) {
            throw whole().refuse("at most %d argument%s".formatted(count, count == 1 ? "" : "s"));
        }
        return this;
    }

    Arguments from(int index) {
        return new Arguments(option, values.subList(index, values.size()));
    }

    List<Argument> all() {
        return values.stream().map(value -> new Argument(option, value)).toList();
    }
}
