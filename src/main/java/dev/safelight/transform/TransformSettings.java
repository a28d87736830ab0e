package dev.safelight.transform;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings of transformations, under `safelight.transform`.
///
/// @param unsigned what may be asked without a signature
/// @param widths the sides in pixels that may be asked for without a signature; client hints are rounded up to them
/// @param keys what URLs are signed with; the first signs, all are accepted
/// @param signatureSize in bytes, 8 to 32
/// @param presets lists of options by name, in either grammar
/// @param maxSide the longest side of a result in pixels
/// @param maxPixels the largest area of a result
/// @param watermark the asset that `watermark=default` means
/// @param qualities by format, where the encoder's own defaults are not wanted
@ConfigurationProperties("safelight.transform")
public record TransformSettings(
        @DefaultValue("ladder") Mode unsigned,

        @DefaultValue({
            "16", "32", "48", "64", "96", "128", "150", "160", "200", "240", "256", "300", "320", "384", "400", "480",
            "500", "600", "640", "720", "750", "768", "800", "828", "960", "1024", "1080", "1200", "1280", "1440",
            "1600", "1920", "2048", "2560", "3840"
        })
        List<Integer> widths,

        @DefaultValue List<Key> keys,
        @DefaultValue("32") int signatureSize,
        @DefaultValue Map<String, String> presets,
        @DefaultValue("8192") int maxSide,
        @DefaultValue("16777216") long maxPixels,
        @Nullable String watermark,
        @DefaultValue Map<MediaType, Integer> qualities) {

    private static final String NAME = "safelight.transform.";

    public TransformSettings {
        widths = List.copyOf(new TreeSet<>(widths));
        keys = List.copyOf(keys);
        presets = Map.copyOf(presets);
        qualities = Map.copyOf(qualities);
        require(
                !widths.isEmpty() && widths.getFirst() > 0 && widths.getLast() <= Transformation.LONGEST_SIDE,
                "widths must be 1 to " + Transformation.LONGEST_SIDE);
        require(
                signatureSize >= Signatures.SHORTEST && signatureSize <= Signatures.WHOLE,
                "signature-size must be %d to %d".formatted(Signatures.SHORTEST, Signatures.WHOLE));
        require(
                maxSide > 0 && maxSide <= Transformation.LONGEST_SIDE,
                "max-side must be 1 to " + Transformation.LONGEST_SIDE);
        require(maxPixels > 0, "max-pixels must be at least 1");
        require(watermark == null || AssetId.parse(watermark).isPresent(), "watermark must be the id of an asset");
        qualities.forEach((type, quality) -> require(
                Transformation.Output.FORMATS.contains(type) && quality >= 1 && quality <= 100,
                "qualities must be 1 to 100 for jpeg, png, webp, avif or gif"));
        require(unsigned != Mode.PRESETS || !presets.isEmpty(), "presets must name some when unsigned is presets");
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(NAME + complaint);
        }
    }

    /// What may be asked without a signature.
    public enum Mode {
        /// Common sizes and what is cheap.
        LADDER,
        /// What the configuration has a name for.
        PRESETS,
        /// Nothing.
        NONE,
        /// Anything within the limits: for networks where all are trusted.
        ANY
    }

    /// @param key secret, hexadecimal, at least 16 bytes
    /// @param salt hexadecimal
    public record Key(String key, @DefaultValue("") String salt) {
        @Override
        public String toString() {
            return "Key[hidden]";
        }
    }

    /// @throws IllegalArgumentException naming the key that cannot be read, without its value
    public Signatures signatures() {
        List<Signatures.KeyPair> pairs = new ArrayList<>();
        for (Key key : keys) {
            String setting = "%skeys[%d]".formatted(NAME, pairs.size());
            pairs.add(Signatures.KeyPair.ofHex(setting, key.key(), key.salt()));
        }
        return new Signatures(pairs, signatureSize);
    }

    public @Nullable AssetId watermarkAsset() {
        return watermark == null ? null : AssetId.parse(watermark).orElseThrow();
    }
}
