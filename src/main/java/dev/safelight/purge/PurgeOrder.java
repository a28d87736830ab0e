package dev.safelight.purge;

import dev.safelight.asset.Failure;
import dev.safelight.purge.PurgeTarget.What;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What somebody wants purged.
///
/// @param by `asset`, `sku`, `tag`, `path`, `prefix` or `everything`
/// @param values 1 to 100 of them: ids of assets, articles as their uploads named them, cache tags, paths
///     with their query, or what paths begin with; absent for everything
record PurgeOrder(
        @NotNull(message = "is needed") String by,

        @Nullable @Size(min = 1, max = 100, message = "must have 1 to 100 entries")
        List<@Nullable String> values) {
    private static final int LONGEST_PATH = 2_000;
    private static final int LONGEST_SKU = 200;
    private static final String PATH_CHARACTERS = "[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}";
    private static final Pattern PATH =
            Pattern.compile("/(?:" + PATH_CHARACTERS + ")*+(?:\\?(?:" + PATH_CHARACTERS + "|\\?)*+)?");
    private static final Pattern PREFIX = Pattern.compile("/(?:" + PATH_CHARACTERS + ")*+");

    What what() {
        return What.parse(by)
                .orElseThrow(() -> invalid("by must be one of "
                        + Arrays.stream(What.values()).map(What::text).collect(Collectors.joining(", ")) + "."));
    }

    /// Each once, in their order.
    List<String> subjects() {
        What what = what();
        if (what == What.EVERYTHING) {
            if (values != null) {
                throw invalid("values must be left out where everything is purged.");
            }
            return List.of();
        }
        if (values == null) {
            throw invalid("values must name what is to be purged, 1 to 100 of them.");
        }
        Set<String> subjects = new LinkedHashSet<>();
        for (String value : values) {
            subjects.add(checked(what, value == null ? "" : value));
        }
        return List.copyOf(subjects);
    }

    private static String checked(What what, String value) {
        switch (what) {
            case ASSET, EVERYTHING -> {
                // Whether there is such an asset is asked next.
            }
            case SKU ->
                require(
                        !value.isEmpty() && value.length() <= LONGEST_SKU,
                        "An article has 1 to " + LONGEST_SKU + " characters.");
            case TAG ->
                require(
                        CacheTags.isTag(value),
                        "A tag has 1 to 128 small letters, digits, dots, _ and -, and begins with a letter or digit.");
            case PATH ->
                require(
                        value.length() <= LONGEST_PATH && PATH.matcher(value).matches(),
                        "A path begins with /, is encoded as it is requested, may have a query, and has at most "
                                + LONGEST_PATH + " characters.");
            case PREFIX ->
                require(
                        value.length() <= LONGEST_PATH && PREFIX.matcher(value).matches(),
                        "A prefix begins with /, is encoded as paths are, has no query, and at most " + LONGEST_PATH
                                + " characters.");
        }
        return value;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw invalid(message);
        }
    }

    private static Failure invalid(String message) {
        return new Failure(Failure.Kind.INVALID, message);
    }
}
