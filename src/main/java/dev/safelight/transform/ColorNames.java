package dev.safelight.transform;

import java.util.Map;

/// The sixteen colours that CSS has had names for from the start.
final class ColorNames {
    static final Map<String, Color> BASIC = Map.ofEntries(
            Map.entry("black", rgb(0x000000)),
            Map.entry("silver", rgb(0xc0c0c0)),
            Map.entry("gray", rgb(0x808080)),
            Map.entry("white", rgb(0xffffff)),
            Map.entry("maroon", rgb(0x800000)),
            Map.entry("red", rgb(0xff0000)),
            Map.entry("purple", rgb(0x800080)),
            Map.entry("fuchsia", rgb(0xff00ff)),
            Map.entry("green", rgb(0x008000)),
            Map.entry("lime", rgb(0x00ff00)),
            Map.entry("olive", rgb(0x808000)),
            Map.entry("yellow", rgb(0xffff00)),
            Map.entry("navy", rgb(0x000080)),
            Map.entry("blue", rgb(0x0000ff)),
            Map.entry("teal", rgb(0x008080)),
            Map.entry("aqua", rgb(0x00ffff)));

    private ColorNames() {}

    private static Color rgb(int value) {
        return new Color(value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff, 255);
    }
}
