package dev.safelight.delivery;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.CatalogEntry;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is known of a picture and of everything that was made of it; what is not known yet is absent.
///
/// @param mediaType by content once that was looked at, before as declared
/// @param width in pixels as displayed
/// @param height in pixels as displayed
/// @param frames 1 for a still
/// @param focalPoint the point that crops keep in view, each part from 0 to 1
/// @param focalPointByHand whether somebody set it; else it was computed
/// @param bytesSaved what a visitor saves who loads the largest variant in its smallest format instead of the
///     original; negative when the original was smaller
/// @param mezzanines what other pictures are made from; they are not delivered
record AssetInfo(
        String id,
        int version,
        String status,
        String mediaType,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable Integer frames,
        @Nullable Boolean hasAlpha,
        @Nullable String dominantColor,
        @Nullable String thumbHash,
        @Nullable String perceptualHash,
        Facts.@Nullable FocalPoint focalPoint,
        boolean focalPointByHand,
        long originalBytes,
        @Nullable Long bytesSaved,
        List<VariantInfo> variants,
        List<MezzanineInfo> mezzanines) {

    /// One variant.
    ///
    /// @param url absent while nothing of the asset may be delivered
    /// @param recipe changes with everything that shapes the variant
    record VariantInfo(
            String name,
            String format,
            int width,
            int height,
            long bytes,
            @Nullable String url,
            String recipe) {}

    /// One mezzanine.
    record MezzanineInfo(String name, String format, int width, int height, long bytes, String recipe) {}

    static AssetInfo of(CatalogEntry entry, VariantUrls urls) {
        AssetVersion version = entry.version();
        Facts.Image image = switch (version.facts()) {
            case Facts.Image facts -> facts;
            case null -> null;
        };
        return new AssetInfo(
                version.id().toString(),
                version.version(),
                version.status().name(),
                (image == null ? version.original().declaredType() : image.mediaType()).text(),
                image == null ? null : image.width(),
                image == null ? null : image.height(),
                image == null ? null : image.frames(),
                image == null ? null : image.hasAlpha(),
                image == null ? null : image.dominantColor(),
                image == null ? null : image.thumbHash(),
                image == null ? null : image.perceptualHash(),
                image == null ? null : image.focalPoint(),
                entry.focalPointByHand(),
                version.original().bytes(),
                AssetView.bytesSaved(version),
                version.variants().stream()
                        .map(variant -> variant(entry, variant, urls))
                        .toList(),
                version.mezzanines().stream().map(AssetInfo::mezzanine).toList());
    }

    private static VariantInfo variant(CatalogEntry entry, Variant variant, VariantUrls urls) {
        return new VariantInfo(
                variant.name(),
                format(variant),
                variant.width(),
                variant.height(),
                variant.bytes(),
                urls.issue(entry, variant).orElse(null),
                variant.recipe());
    }

    private static MezzanineInfo mezzanine(Variant variant) {
        return new MezzanineInfo(
                variant.name(), format(variant), variant.width(), variant.height(), variant.bytes(), variant.recipe());
    }

    private static String format(Variant variant) {
        return variant.format().name().toLowerCase(Locale.ROOT);
    }
}
