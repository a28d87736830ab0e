package dev.safelight.store.s3;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.DirectDownload;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Signs addresses of objects in any S3 service, with the rights of one identity.
public final class S3DirectDownload implements DirectDownload {
    private final S3Settings settings;
    private final SignedAddress address;

    public S3DirectDownload(S3Settings settings, InstantSource clock) {
        this.settings = settings;
        this.address = new SignedAddress(settings, clock);
    }

    @Override
    public Optional<URI> get(BlobKey key, String contentType, String cacheControl, Instant expires) {
        if (!settings.encryption().onRead(key.bucket()).isEmpty()) {
            return Optional.empty();
        }
        SortedMap<String, String> query = new TreeMap<>();
        query.put("response-cache-control", cacheControl);
        query.put("response-content-type", contentType);
        return Optional.of(address.sign("GET", key, query, new TreeMap<>(), expires.truncatedTo(ChronoUnit.SECONDS)));
    }
}
