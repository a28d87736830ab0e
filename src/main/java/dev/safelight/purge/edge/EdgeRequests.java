package dev.safelight.purge.edge;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/// Begins requests to edges.
final class EdgeRequests {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private EdgeRequests() {}

    /// An address below a base, which may have a path of its own.
    static URI below(URI base, String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }

    static HttpRequest.Builder postJson(URI address, Object body) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body), StandardCharsets.UTF_8));
    }

    static HttpRequest.Builder post(URI address) {
        return HttpRequest.newBuilder(address).POST(BodyPublishers.noBody());
    }
}
