package dev.safelight.store.s3;

import dev.safelight.asset.BlobKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;

/// Signs addresses that a client can use once or more until they expire (a presigned URL).
record SignedAddress(S3Settings settings, InstantSource clock) {
    static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd").withZone(ZoneOffset.UTC);
    static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// @param query of the request itself
    /// @param headers to be sent, without that of the host
    URI sign(
            String method,
            BlobKey key,
            SortedMap<String, String> query,
            SortedMap<String, String> headers,
            Instant expiry) {
        URI bucket = url(settings.name(key.bucket()));
        String path = bucket.getRawPath().replaceAll("/$", "") + "/" + key.key();
        headers.put("host", bucket.getRawAuthority());
        // A grant of which no second is left was signed in the past, for the one before its end.
        Instant latest = expiry.minusSeconds(1);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant signed = now.isAfter(latest) ? latest : now;
        String time = SECOND.format(signed);

        query.put("X-Amz-Algorithm", SignatureV4.ALGORITHM);
        query.put(
                "X-Amz-Credential",
                SignatureV4.credential(settings.accessKey(), DAY.format(signed), settings.region()));
        query.put("X-Amz-Date", time);
        query.put(
                "X-Amz-Expires", String.valueOf(Duration.between(signed, expiry).toSeconds()));
        query.put("X-Amz-SignedHeaders", String.join(";", headers.keySet()));
        String signature = SignatureV4.sign(
                settings.secretKey(),
                time,
                settings.region(),
                new SignatureV4.Request(method, path, query, headers, SignatureV4.UNSIGNED));
        return URI.create(bucket.getScheme() + "://" + bucket.getRawAuthority() + path + "?" + SignatureV4.encode(query)
                + "&X-Amz-Signature=" + signature);
    }

    /// Of a bucket, as clients reach it.
    URI url(String bucket) {
        URI endpoint = settings.publicEndpoint();
        if (settings.pathStyle()) {
            String base = endpoint.toString();
            return URI.create((base.endsWith("/") ? base : base + "/") + bucket);
        }
        return URI.create(endpoint.getScheme() + "://" + bucket + "." + endpoint.getAuthority() + "/");
    }

    @Override
    public String toString() {
        return "SignedAddress[" + settings.publicEndpoint() + "]";
    }
}
