package dev.safelight.transform;

import dev.safelight.transform.Gravity.Compass;
import dev.safelight.transform.Gravity.Direction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How one of the grammars spells gravities.
record GravityWords(Map<String, Direction> places, String smart, String focal) {
    static final GravityWords QUERY = new GravityWords(
            Stream.of(Direction.values()).collect(Collectors.toUnmodifiableMap(GravityWords::name, place -> place)),
            "smart",
            "focal");

    static final GravityWords IMGPROXY = new GravityWords(
            Map.of(
                    "ce", Direction.CENTER,
                    "no", Direction.NORTH,
                    "so", Direction.SOUTH,
                    "ea", Direction.EAST,
                    "we", Direction.WEST,
                    "noea", Direction.NORTHEAST,
                    "nowe", Direction.NORTHWEST,
                    "soea", Direction.SOUTHEAST,
                    "sowe", Direction.SOUTHWEST),
            "sm",
            "foc");

    private static final double FARTHEST = Transformation.LONGEST_SIDE;

    static String name(Direction place) {
        return place.name().toLowerCase(Locale.ROOT);
    }

    /// A place, a point, or what the picture shows.
    Gravity read(List<Argument> words) {
        Argument first = words.getFirst();
        if (first.text().equals(smart)) {
            atMost(1, words);
            return new Gravity.Smart();
        }
        if (first.text().equals(focal)) {
            return readFocal(words);
        }
        return readPlace(words, List.of(smart, focal));
    }

    private static Gravity readFocal(List<Argument> words) {
        return switch (words.size()) {
            case 1 -> new Gravity.Focal(null);
            case 3 -> new Gravity.Focal(point(words));
            default -> throw words.getFirst().refuse("focal, alone or with two numbers from 0 to 1");
        };
    }

    private static Gravity.Point point(List<Argument> words) {
        return new Gravity.Point(words.get(1).number(0, 1), words.get(2).number(0, 1));
    }

    /// A place or a point, for what is put somewhere.
    Gravity readPlace(List<Argument> words) {
        return readPlace(words, List.of());
    }

    private Gravity readPlace(List<Argument> words, List<String> alsoAllowed) {
        Argument first = words.getFirst();
        atMost(3, words);
        if (first.text().equals("fp")) {
            if (words.size() != 3) {
                throw first.refuse("fp with two numbers from 0 to 1");
            }
            return point(words);
        }
        Direction place = places.get(first.text());
        if (place == null) {
            throw first.refuse("one of " + String.join(", ", allowed(alsoAllowed)));
        }
        return new Compass(place, offset(words, 1), offset(words, 2));
    }

    Direction place(Argument word) {
        return word.oneOf(places);
    }

    private List<String> allowed(List<String> more) {
        Map<Direction, String> inOrder = new EnumMap<>(Direction.class);
        places.forEach((word, place) -> inOrder.put(place, word));
        List<String> all = new ArrayList<>(inOrder.values());
        all.addAll(more);
        all.add("fp");
        return all;
    }

    private static double offset(List<Argument> words, int index) {
        if (index >= words.size() || words.get(index).isEmpty()) {
            return 0;
        }
        return words.get(index).number(-FARTHEST, FARTHEST);
    }

    private static void atMost(int count, List<Argument> words) {
        if (words.size() > count) {
            throw words.get(count).refuse("too much after this gravity");
        }
    }

    /// The spelling of the query form.
    static String text(Gravity gravity) {
        return switch (gravity) {
            case Gravity.Smart _ -> QUERY.smart;
            case Gravity.Focal(Gravity.Point place) ->
                place == null ? QUERY.focal : QUERY.focal + "," + text(place.x(), place.y());
            case Gravity.Point(double x, double y) -> "fp:" + text(x, y);
            case Compass(Direction place, double x, double y) ->
                x == 0 && y == 0 ? name(place) : name(place) + "," + text(x, y);
        };
    }

    private static String text(double x, double y) {
        return Decimals.text(x) + "," + Decimals.text(y);
    }
}
