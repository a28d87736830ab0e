package dev.safelight.delivery;

import dev.safelight.asset.Variant;
import dev.safelight.catalog.CatalogEntry;
import java.util.Optional;
import java.util.regex.Pattern;

/// Issues the public URLs of variants: the one place that does, and it refuses whatever may not be delivered.
public final class VariantUrls {
    private static final Pattern FORM =
            Pattern.compile("https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*");

    private final String base;

    private VariantUrls(String base) {
        this.base = base;
    }

    /// @param publicUrl an absolute http or https URL that reaches this server or a CDN in front of it; when
    ///     blank, URLs are relative to the host
    static VariantUrls below(String publicUrl) {
        if (publicUrl.isBlank()) {
            return new VariantUrls("");
        }
        String base = publicUrl.strip().replaceFirst("/+$", "");
        if (!FORM.matcher(base).matches()) {
            throw new IllegalArgumentException(
                    "safelight.public-url must be like https://media.example.com, not " + publicUrl);
        }
        return new VariantUrls(base);
    }

    /// The URL of a variant, or empty while its version is not READY and approved.
    public Optional<String> issue(CatalogEntry entry, Variant variant) {
        if (!entry.isDeliverable() || !entry.version().variants().contains(variant)) {
            return Optional.empty();
        }
        return Optional.of(base + MediaPath.ofKey(variant.key().key()));
    }
}
