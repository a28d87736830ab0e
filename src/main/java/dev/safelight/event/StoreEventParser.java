package dev.safelight.event;

import dev.safelight.asset.Failure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Reads S3 event notifications: `{"Records":[…]}` of any version 2.x, as S3 and its likes send them.
@Component
public final class StoreEventParser {
    private static final int MAX_RECORDS = 1000;

    private final ObjectMapper json;

    StoreEventParser(ObjectMapper json) {
        this.json = json;
    }

    /// The object-created events of a notification; other kinds, and the test event of S3, are skipped.
    ///
    /// @throws Failure INVALID when it is not such a notification
    public List<StoreEvent> parse(String notification) {
        JsonNode root;
        try {
            root = json.readTree(notification);
        } catch (JacksonException malformed) {
            throw invalid("it is not well-formed JSON");
        }
        if (root.isObject() && root.path("Event").asString("").equals("s3:TestEvent")) {
            return List.of();
        }
        JsonNode records = root.path("Records");
        if (!records.isArray() || records.size() > MAX_RECORDS) {
            throw invalid("\"Records\" must be an array of at most " + MAX_RECORDS + " events");
        }
        List<StoreEvent> events = new ArrayList<>();
        for (JsonNode one : records) {
            if (!one.path("eventVersion").asString("2.0").startsWith("2.")) {
                throw invalid("only event versions 2.x are understood");
            }
            String name = one.path("eventName").asString("");
            if (name.startsWith("ObjectCreated:") || name.startsWith("s3:ObjectCreated:")) {
                events.add(event(one.path("s3")));
            }
        }
        return events;
    }

    private static StoreEvent event(JsonNode s3) {
        JsonNode object = s3.path("object");
        String bucket = s3.path("bucket").path("name").asString("");
        String key = decode(object.path("key").asString(""));
        if (bucket.isEmpty() || key.isEmpty()) {
            throw invalid("an event names no bucket or no key");
        }
        String etag = object.path("eTag").asString("").replace("\"", "");
        String version = object.path("versionId").asString("");
        return new StoreEvent(
                bucket,
                key,
                object.path("size").asLong(0),
                version.isEmpty() ? etag : version,
                object.path("sequencer").asString(""));
    }

    // Some stores send the key as it is; ours never holds a percent sign or a plus, so decoding does it no harm.
    private static String decode(String key) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return key;
        }
    }

    private static Failure invalid(String why) {
        return new Failure(Failure.Kind.INVALID, "This is not an S3 event notification: " + why + ".");
    }
}
