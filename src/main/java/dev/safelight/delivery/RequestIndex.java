package dev.safelight.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safelight.asset.MediaType;
import dev.safelight.transform.Negotiation;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Remembers which picture in memory answers a request for one made on demand, so that the request need not be
/// read again: its signature, its options and the client's formats were all checked when it was first answered.
///
/// Only requests are entered whose answer depends on nothing but their address and their `Accept`, and
/// never expires.
final class RequestIndex {
    /// Of characters in keys, which are most of what an entry costs.
    private static final long CAPACITY = 16_000_000;

    private static final int OVERHEAD = 128;
    private static final int ACCEPTS = 1_000;
    private static final int LONGEST_ACCEPT = 1_000;
    /// @param checkedAt a moment before the catalogue said that this address leads there
    private record Entry(String view, long checkedAt) {}

    private final Cache<String, Entry> views = Caffeine.newBuilder()
            .maximumWeight(CAPACITY)
            .weigher((String request, Entry entry) ->
                    request.length() + entry.view().length() + OVERHEAD)
            .build();
    private final Cache<String, String> accepts =
            Caffeine.newBuilder().maximumSize(ACCEPTS).build();

    /// The view that answers a request, if that was found out a moment ago: an address may lead elsewhere by now.
    @Nullable
    String find(Request request, MediaMemory memory) {
        Entry entry = views.getIfPresent(key(request));
        return entry != null && memory.isTrusted(entry.checkedAt()) ? entry.view() : null;
    }

    /// @param checkedAt a moment before the catalogue was asked
    void enter(Request request, String view, long checkedAt) {
        views.put(key(request), new Entry(view, checkedAt));
    }

    private String key(Request request) {
        String accept = Formats.accept(request.getHeaders());
        String kinds = accept.length() > LONGEST_ACCEPT ? accept : accepts.get(accept, RequestIndex::kindsOf);
        return kinds + ' ' + request.getHttpURI().getPathQuery();
    }

    /// Equal for clients that get equal formats, whatever the picture is like.
    private static String kindsOf(String accept) {
        StringBuilder kinds = new StringBuilder();
        for (List<MediaType> offered : List.of(Formats.ALL, Formats.ALL_BUT_AVIF)) {
            for (boolean alpha : new boolean[] {false, true}) {
                kinds.append(extension(accept, offered, alpha, false));
                kinds.append(extension(accept, offered, alpha, true));
            }
        }
        return kinds.toString();
    }

    private static String extension(String accept, List<MediaType> offered, boolean alpha, boolean animated) {
        return Negotiation.choose(accept, offered, alpha, animated).extension();
    }
}
