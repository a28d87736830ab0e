package dev.safelight.delivery;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.catalog.Deletion;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An asset as the API shows it.
///
/// @param version the number of the version that is shown: the current one, else the newest that is READY and not
///     rejected, else the newest
/// @param versions how many the asset has
/// @param reason why it was rejected or failed, for programs
/// @param detail the same for people
/// @param mediaType by content once that was looked at, before as declared
/// @param endedAt when it became READY, REJECTED or FAILED
/// @param bytesSaved what a visitor saves who loads the largest variant in its smallest format instead of the
///     original; negative when the original was smaller
/// @param account the application's id of the end user that it belongs to
/// @param deletedAt since when nothing of it is delivered; absent when it is not deleted
/// @param purgedAt since when it cannot be restored
record AssetView(
        String id,
        String space,
        int version,
        int versions,
        String status,
        @Nullable String reason,
        @Nullable String detail,
        String moderation,
        @Nullable String moderationReason,
        String fileName,
        String mediaType,
        long originalBytes,
        Instant createdAt,
        @Nullable Instant endedAt,
        Map<String, String> metadata,
        @Nullable FactsView facts,
        @Nullable Long bytesSaved,
        @Nullable String account,
        @Nullable Instant deletedAt,
        @Nullable Instant purgedAt,
        List<VariantView> variants) {

    /// What is known of the original by its content.
    record FactsView(
            String kind,
            String mediaType,
            int width,
            int height,
            int frames,
            boolean hasAlpha,
            @Nullable String dominantColor,
            @Nullable String thumbHash,
            @Nullable String perceptualHash,
            Facts.@Nullable FocalPoint focalPoint) {

        private static FactsView of(Facts facts) {
            return switch (facts) {
                case Facts.Image image ->
                    new FactsView(
                            "image",
                            image.mediaType().text(),
                            image.width(),
                            image.height(),
                            image.frames(),
                            image.hasAlpha(),
                            image.dominantColor(),
                            image.thumbHash(),
                            image.perceptualHash(),
                            image.focalPoint());
            };
        }
    }

    /// One variant.
    ///
    /// @param url absent while nothing of the asset may be delivered
    record VariantView(
            String name,
            String format,
            String mediaType,
            int width,
            int height,
            long bytes,
            @Nullable String url) {

        private static VariantView of(CatalogEntry entry, Variant variant, VariantUrls urls) {
            return new VariantView(
                    variant.name(),
                    variant.format().name().toLowerCase(Locale.ROOT),
                    variant.format().text(),
                    variant.width(),
                    variant.height(),
                    variant.bytes(),
                    urls.issue(entry, variant).orElse(null));
        }
    }

    static AssetView of(CatalogEntry entry, VariantUrls urls) {
        AssetVersion version = entry.version();
        Rejection rejection = version.rejection();
        Facts facts = version.facts();
        Deletion deletion = entry.deletion();
        return new AssetView(
                version.id().toString(),
                version.space().text(),
                version.version(),
                entry.versions(),
                version.status().name(),
                rejection == null ? null : rejection.reason().text(),
                rejection == null ? null : rejection.detail(),
                entry.moderation().text(),
                entry.moderationReason(),
                version.original().fileName(),
                mediaType(version).text(),
                version.original().bytes(),
                entry.createdAt(),
                entry.endedAt(),
                entry.metadata(),
                facts == null ? null : FactsView.of(facts),
                bytesSaved(version),
                entry.account(),
                deletion == null ? null : deletion.deletedAt(),
                deletion == null ? null : deletion.purgedAt(),
                version.variants().stream()
                        .map(variant -> VariantView.of(entry, variant, urls))
                        .toList());
    }

    /// By content once that was looked at, before as declared.
    static MediaType mediaType(AssetVersion version) {
        Facts facts = version.facts();
        return facts == null ? version.original().declaredType() : facts.mediaType();
    }

    static @Nullable Long bytesSaved(AssetVersion version) {
        return version.variants().stream()
                .max(Comparator.comparingInt(Variant::width).thenComparing(Variant::bytes, Comparator.reverseOrder()))
                .map(largest -> version.original().bytes() - largest.bytes())
                .orElse(null);
    }
}
