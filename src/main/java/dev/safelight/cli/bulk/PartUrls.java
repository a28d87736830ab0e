package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Addresses for the parts of one upload, asked for in batches and only when they are needed.
final class PartUrls {
    private final ApiClient api;
    private final String uploadId;
    private final int ahead;
    private final NavigableSet<Integer> missing;
    private final Map<Integer, URI> known = new HashMap<>();

    /// @param ahead how many are asked for at a time
    /// @param missing the numbers of the parts that have to be sent
    PartUrls(ApiClient api, JsonNode upload, int ahead, List<Integer> missing) {
        this.api = api;
        this.uploadId = upload.path("uploadId").asString();
        this.ahead = ahead;
        this.missing = new TreeSet<>(missing);
        keep(upload.path("grant"));
    }

    private void keep(JsonNode answer) {
        answer.path("parts")
                .forEach(part -> known.put(
                        part.path("partNumber").asInt(),
                        URI.create(part.path("url").asString())));
    }

    synchronized URI url(int number) throws IOException, InterruptedException {
        if (!known.containsKey(number)) {
            List<Integer> wanted = new ArrayList<>();
            for (int next : missing.tailSet(number, true)) {
                if (wanted.size() < ahead && !known.containsKey(next)) {
                    wanted.add(next);
                }
            }
            keep(api.post("/v1/uploads/" + ApiClient.encode(uploadId) + "/parts", Map.of("partNumbers", wanted)));
        }
        URI url = known.get(number);
        if (url == null) {
            throw new IOException("the server gave no address for part %d of upload %s".formatted(number, uploadId));
        }
        return url;
    }

    /// An address that the store did not take; those that came with it have ended as well.
    synchronized void forget(URI url) {
        if (known.containsValue(url)) {
            known.clear();
        }
    }

    /// A part that needs no address any more.
    synchronized void done(int number) {
        missing.remove(number);
        known.remove(number);
    }
}
