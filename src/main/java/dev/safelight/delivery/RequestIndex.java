package dev.safelight.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Negotiation;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Remembers which picture in memory answers a request for one made on demand, so that the request need not be read
/// again: its signature, its options and the client's formats were all checked when it was first answered.
///
/// Only requests are entered whose answer depends on nothing but their address and their `Accept`, and never expires.
final class RequestIndex {
    /// Of characters in keys, which are most of what an entry costs.
    private static final long CAPACITY = 16_000_000;

    private static final int ENTRY = 128;
    private static final int ACCEPTS = 1_000;
    private static final int LONGEST_ACCEPT = 1_000;
    private static final List<MediaType> STILLS =
            List.of(MediaType.AVIF, MediaType.WEBP, MediaType.JPEG, MediaType.PNG);
    private static final List<MediaType> ANIMATIONS = List.of(MediaType.WEBP, MediaType.GIF);

    private final Cache<String, String> views = Caffeine.newBuilder()
            .maximumWeight(CAPACITY)
            .weigher((String request, String view) -> request.length() + view.length() + ENTRY)
            .build();
    private final Cache<String, String> accepts =
            Caffeine.newBuilder().maximumSize(ACCEPTS).build();

    /// The view that answers a request, if it is known.
    @Nullable
    String find(Request request) {
        return views.getIfPresent(key(request));
    }

    void enter(Request request, String view) {
        views.put(key(request), view);
    }

    private String key(Request request) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        String taken = accept == null ? "" : accept;
        String kinds = taken.length() > LONGEST_ACCEPT ? taken : accepts.get(taken, RequestIndex::kindsOf);
        return kinds + ' ' + request.getHttpURI().getPathQuery();
    }

    /// Equal for clients that get equal formats, whatever the picture is like.
    private static String kindsOf(String accept) {
        return Negotiation.choose(accept, STILLS, false).extension()
                + Negotiation.choose(accept, STILLS, true).extension()
                + Negotiation.choose(accept, ANIMATIONS, true).extension();
    }
}
