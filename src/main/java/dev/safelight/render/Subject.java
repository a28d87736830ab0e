package dev.safelight.render;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Facts;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Variant;
import java.net.URI;
import java.util.Optional;

/// A picture to be transformed, as it is known before anything is read.
public sealed interface Subject {
    /// Names the content: equal keys have equal pixels.
    String key();

    /// Names the content, too, and is the same whenever it comes: a key may be for one request alone.
    default String content() {
        return key();
    }

    /// What caches may do with it.
    default Reuse reuse() {
        return Reuse.FREE;
    }

    /// Who it belongs to in the caches, to be dropped together.
    String group();

    /// The asset that it belongs to; none for what comes from elsewhere.
    Optional<AssetId> asset();

    /// By content.
    MediaType type();

    /// In pixels as displayed.
    int width();

    /// In pixels as displayed.
    int height();

    /// Of an animation, or pages; 1 for a still.
    int frames();

    boolean hasAlpha();

    /// A version of an asset, whose pipeline has left smaller sources.
    record Stored(AssetVersion version, Facts.Image facts) implements Subject {
        @Override
        public String key() {
            return version.id() + "/v" + version.version();
        }

        @Override
        public String group() {
            return version.id().toString();
        }

        @Override
        public Optional<AssetId> asset() {
            return Optional.of(version.id());
        }

        @Override
        public MediaType type() {
            return facts.mediaType();
        }

        @Override
        public int width() {
            return facts.width();
        }

        @Override
        public int height() {
            return facts.height();
        }

        @Override
        public int frames() {
            return facts.frames();
        }

        @Override
        public boolean hasAlpha() {
            return facts.hasAlpha();
        }
    }

    /// One stored variant of a version, taken as it is.
    record Derived(AssetVersion version, Variant variant) implements Subject {
        @Override
        public String key() {
            return version.id() + "/v" + version.version() + "/" + variant.etag();
        }

        @Override
        public String group() {
            return version.id().toString();
        }

        @Override
        public Optional<AssetId> asset() {
            return Optional.of(version.id());
        }

        @Override
        public MediaType type() {
            return variant.format();
        }

        @Override
        public int width() {
            return variant.width();
        }

        @Override
        public int height() {
            return variant.height();
        }

        @Override
        public int frames() {
            return variant.format() == MediaType.WEBP && version.facts() instanceof Facts.Image image
                    ? image.frames()
                    : 1;
        }

        @Override
        public boolean hasAlpha() {
            return variant.format() != MediaType.JPEG
                    && version.facts() instanceof Facts.Image image
                    && image.hasAlpha();
        }
    }

    /// A picture from a host that the configuration allows.
    ///
    /// @param hash of its bytes
    record Foreign(
            URI uri, String hash, MediaType type, int width, int height, int frames, boolean hasAlpha, Reuse reuse)
            implements Subject {
        @Override
        public String key() {
            return content() + (reuse.isKept() ? "" : "/" + reuse.once());
        }

        @Override
        public String content() {
            return "foreign/" + hash;
        }

        Foreign with(Reuse other) {
            return new Foreign(uri, hash, type, width, height, frames, hasAlpha, other);
        }

        @Override
        public Optional<AssetId> asset() {
            return Optional.empty();
        }

        @Override
        public String group() {
            return uri.getHost();
        }
    }
}
