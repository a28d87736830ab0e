package dev.safelight.upload;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import java.text.Normalizer;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.UUID;

/// Names originals: `raw/{yyyy}/{mm}/{uploadId}/{filename}`, with the file name reduced to what is safe in a key.
final class OriginalKey {
    private static final int MAX_NAME = 100;

    private OriginalKey() {}

    static BlobKey of(UUID uploadId, String fileName, Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        return new BlobKey(
                Bucket.RAW,
                "raw/%04d/%02d/%s/%s".formatted(month.getYear(), month.getMonthValue(), uploadId, safeName(fileName)));
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
