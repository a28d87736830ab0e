package dev.safelight.signing;

import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a signature is held against: a request and its moment.
///
/// @param path as it was sent
/// @param query as it was sent, without what belongs to signatures; null without one
/// @param client the address that the request comes from; null when it is not known
/// @param referrer the host of the page that it comes from, in lower case
public record Visit(
        String path,
        @Nullable String query,
        Instant now,
        @Nullable InetAddress client,
        @Nullable String referrer) {

    String pathAndQuery() {
        return query == null || query.isEmpty() ? path : path + "?" + query;
    }
}
