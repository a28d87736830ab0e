package dev.safelight.image;

import dev.safelight.asset.Reason;
import dev.safelight.image.SvgStyle.Rule;
import dev.safelight.image.SvgStyle.Use;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What drawing an SVG costs: elements and embedded pixels, each as often as references repeat it.
///
/// An estimate from above. A property that children inherit, such as a pattern to fill with, counts for each of
/// them; a clip or a mask counts once; a marker on vertices counts for the vertices of the longest path.
final class SvgCost {
    private static final int MAX_ELEMENTS = 50_000;
    private static final int MAX_REPEATED = 20_000;
    private static final long MAX_EMBEDDED_PIXELS = 16_000_000;

    /// Of elements and references together; deeper ones would also cost the stack of this thread.
    private static final int MAX_NESTING = 512;

    /// Elements whose references draw nothing.
    private static final Set<String> LINKS = Set.of(
            "a", "animate", "animatemotion", "animatetransform", "animatecolor", "set", "mpath", "discard", "textpath");

    private static final Set<String> GRADIENTS = Set.of("lineargradient", "radialgradient");
    private static final Set<String> NOT_INHERITED = Set.of("clip-path", "mask", "href");
    private static final Set<String> AT_VERTICES = Set.of("marker", "marker-mid");

    private final Deque<Element> open = new ArrayDeque<>();
    private final List<Element> all = new ArrayList<>();
    private final Map<String, List<Element>> byIdentifier = new HashMap<>();
    private final Map<String, List<Use>> byRule = new HashMap<>();
    private int vertices = 1;

    private static final class Element {
        private final String name;
        private final List<Element> children = new ArrayList<>();
        private final List<Use> uses = new ArrayList<>();
        private long pixels;
        private boolean entered;
        private @Nullable Cost cost;

        private Element(String name) {
            this.name = name;
        }
    }

    /// In floating point, which never overflows.
    private record Cost(double elements, double pixels) {
        Cost plus(Cost other) {
            return new Cost(elements + other.elements, pixels + other.pixels);
        }
    }

    int depth() {
        return open.size();
    }

    void open(String name) throws ImageRejected {
        if (all.size() >= MAX_ELEMENTS) {
            throw SvgCheck.tooLarge("The SVG has more than " + MAX_ELEMENTS + " elements, which is the most allowed.");
        }
        Element element = new Element(name);
        if (!open.isEmpty()) {
            current().children.add(element);
        }
        open.push(element);
        all.add(element);
        applyTo(name);
    }

    void close() {
        open.pop();
    }

    /// Counts pictures within the element that was opened last.
    void embed(long pixels) throws ImageRejected {
        current().pixels += pixels;
        checkPixels((double) current().pixels);
    }

    void addRules(List<Rule> rules) {
        rules.forEach(rule ->
                byRule.computeIfAbsent(rule.selector(), _ -> new ArrayList<>()).addAll(rule.uses()));
    }

    void attribute(String name, String value) throws ImageRejected {
        List<Use> uses = current().uses;
        switch (name) {
            case "id" -> {
                byIdentifier.computeIfAbsent(value, _ -> new ArrayList<>()).add(current());
                applyTo("#" + value);
            }
            case "class" -> List.of(value.strip().split("\\s+", -1)).forEach(style -> applyTo("." + style));
            case "href" -> {
                if (!LINKS.contains(current().name)) {
                    SvgReference.identifier(value).ifPresent(id -> uses.add(new Use(name, id)));
                }
            }
            case "style" -> uses.addAll(SvgStyle.uses(value));
            case "d", "points" -> vertices = Math.max(vertices, numbers(value));
            default -> uses.addAll(SvgStyle.uses(name, value));
        }
    }

    /// Style sheets may come last, so what they say is looked up by name when all is known.
    private void applyTo(String selector) {
        current().uses.add(new Use("class", selector));
    }

    private Element current() {
        return open.element();
    }

    /// At least the vertices of a path.
    private static int numbers(String path) {
        int count = 1;
        for (int i = 1; i < path.length(); i++) {
            boolean digit = Character.isDigit(path.charAt(i)) || Character.isLetter(path.charAt(i));
            if (digit && !Character.isDigit(path.charAt(i - 1))) {
                count++;
            }
        }
        return count;
    }

    /// @throws ImageRejected too large, or corrupt when elements repeat themselves without end
    void check() throws ImageRejected {
        if (all.isEmpty()) {
            return;
        }
        Cost cost = cost(all.getFirst(), 0);
        if (cost.elements - all.size() > MAX_REPEATED) {
            throw SvgCheck.tooLarge("The SVG repeats elements more than " + MAX_REPEATED
                    + " times through references, which is the most allowed.");
        }
        checkPixels(cost.pixels);
    }

    private static void checkPixels(double pixels) throws ImageRejected {
        if (pixels > MAX_EMBEDDED_PIXELS) {
            throw SvgCheck.tooLarge("The pictures within the SVG have more than " + MAX_EMBEDDED_PIXELS
                    + " pixels, which is the most allowed.");
        }
    }

    private Cost cost(Element element, int nesting) throws ImageRejected {
        if (element.cost != null) {
            return element.cost;
        }
        if (element.entered) {
            throw new ImageRejected(Reason.CORRUPT, "The file is damaged: the SVG contains itself through references.");
        }
        if (nesting > MAX_NESTING) {
            throw SvgCheck.tooLarge("The SVG nests references deeper than " + MAX_NESTING + ", which is the most.");
        }
        element.entered = true;
        Cost once = new Cost(1, element.pixels);
        for (Element child : element.children) {
            once = once.plus(cost(child, nesting + 1));
        }
        Cost each = new Cost(0, 0);
        for (Use use : withRules(element)) {
            Cost target = cost(use.identifier(), nesting + 1);
            if (NOT_INHERITED.contains(use.property())) {
                once = once.plus(target);
            } else {
                int times = AT_VERTICES.contains(use.property()) ? vertices : 1;
                each = each.plus(new Cost(times * target.elements, times * target.pixels));
            }
        }
        double elements = once.elements * (1 + each.elements);
        Cost cost = new Cost(elements, once.pixels + (once.elements * each.pixels));
        element.cost = cost;
        return cost;
    }

    private Cost cost(String identifier, int nesting) throws ImageRejected {
        Cost sum = new Cost(0, 0);
        for (Element element : byIdentifier.getOrDefault(identifier, List.of())) {
            sum = GRADIENTS.contains(element.name) ? sum : sum.plus(cost(element, nesting));
        }
        return sum;
    }

    private List<Use> withRules(Element element) {
        List<Use> uses = new ArrayList<>(byRule.getOrDefault("*", List.of()));
        for (Use use : element.uses) {
            if (use.property().equals("class")) {
                uses.addAll(byRule.getOrDefault(use.identifier(), List.of()));
            } else {
                uses.add(use);
            }
        }
        return uses;
    }
}
