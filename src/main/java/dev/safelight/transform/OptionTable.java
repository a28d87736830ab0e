package dev.safelight.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tables of options in the documentation, made from the lists that drive the parsers.
final class OptionTable {
    private static final String SRGB = "Accepted and without effect: results are always 8-bit sRGB without a profile.";
    private static final String STRIPPED = "Accepted and without effect: metadata is always stripped.";

    /// What options do that the query form has no counterpart of.
    private static final Map<ImgproxyOption, String> ALONE = Map.of(
            ImgproxyOption.RESIZE,
            "Several options at once; what is left empty stays as it is.",
            ImgproxyOption.SIZE,
            "The same without the type.",
            ImgproxyOption.RAW,
            "Refused: originals are never delivered.",
            ImgproxyOption.STRIP_METADATA,
            STRIPPED,
            ImgproxyOption.KEEP_COPYRIGHT,
            STRIPPED,
            ImgproxyOption.STRIP_COLOR_PROFILE,
            SRGB,
            ImgproxyOption.PRESERVE_HDR,
            SRGB,
            ImgproxyOption.ENFORCE_THUMBNAIL,
            "Accepted and without effect: the picture itself is always used.");

    private OptionTable() {}

    static String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("| option | values | default | imgproxy | what it does |");
        lines.add("|---|---|---|---|---|");
        for (Option option : Option.values()) {
            lines.add("| %s | %s | %s | %s | %s |"
                    .formatted(
                            code(option.names()),
                            option.allowed(),
                            option.standard(),
                            imgproxy(option),
                            option.purpose()));
        }
        lines.add("");
        lines.add("Options that only imgproxy's grammar has:");
        lines.add("");
        lines.add("| option | arguments | what it does |");
        lines.add("|---|---|---|");
        for (ImgproxyOption option : ImgproxyOption.values()) {
            if (option.counterpart() == null) {
                lines.add("| %s | %s | %s |"
                        .formatted(
                                code(option.names()),
                                option.arguments(),
                                Objects.requireNonNull(ALONE.get(option), option.name())));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String imgproxy(Option option) {
        return Stream.of(ImgproxyOption.values())
                .filter(other -> other.counterpart() == option)
                .map(other -> code(other.names()) + " (" + other.arguments() + ")")
                .collect(Collectors.joining("; "));
    }

    private static String code(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(" "));
    }
}
