package dev.safelight.upload;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.text.Normalizer;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names originals: `raw/{yyyy}/{mm}/{uploadId}/{filename}`, with the file name reduced to what is safe in a key.
final class OriginalKey {
    private static final int MAX_NAME = 100;

    private static final Pattern FORM = Pattern.compile(
            BlobKey.ORIGINALS + "[0-9]{4}/[0-9]{2}/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/[^/]+");

    private OriginalKey() {}

    static BlobKey of(UUID uploadId, String fileName, Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        return new BlobKey(
                Bucket.RAW,
                BlobKey.ORIGINALS
                        + "%04d/%02d/%s/%s"
                                .formatted(month.getYear(), month.getMonthValue(), uploadId, safeName(fileName)));
    }

    /// The upload that an original of this key belongs to; empty for a key that is not made here.
    static Optional<UUID> uploadIn(BlobKey key) {
        Matcher matcher = FORM.matcher(key.key());
        return key.bucket() == Bucket.RAW && matcher.matches()
                ? Optional.of(UUID.fromString(matcher.group(1)))
                : Optional.empty();
    }

    /// Letters lose their accents, everything else outside of `A–Z a–z 0–9 . _ -` becomes a dash; the end is kept.
    static String safeName(String fileName) {
        String plain = Normalizer.normalize(fileName, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^A-Za-z0-9._-]+", "-");
        String end = plain.length() > MAX_NAME ? plain.substring(plain.length() - MAX_NAME) : plain;
        String trimmed = end.replaceAll("^[.-]+", "");
        return trimmed.isEmpty() ? "file" : trimmed;
    }
}
