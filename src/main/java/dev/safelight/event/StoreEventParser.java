package dev.safelight.event;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Reads notifications of stores: `{"Records":[…]}` of any version 2.x, as S3, MinIO and Ceph send them,
/// alone or in an envelope of SNS, and the "Object Created" events of EventBridge.
@Component
public final class StoreEventParser {
    private static final int MAX_RECORDS = 1000;

    /// As long as S3 lets version ids be, without what the database could not keep.
    private static final Pattern TAG = Pattern.compile("[\\x20-\\x7e]{0,1024}");
    private static final Pattern SEQUENCER = Pattern.compile("[\\x20-\\x7e]{0,128}");

    private final ObjectMapper json;

    StoreEventParser(ObjectMapper json) {
        this.json = json;
    }

    /// The object-created events of a notification; other kinds, and the test event of S3, are skipped.
    ///
    /// @throws Failure INVALID when it is not such a notification
    public List<StoreEvent> parse(String notification) {
        JsonNode root = read(notification);
        if ("Notification".equals(text(root, "Type"))) {
            root = read(text(root, "Message"));
        } else if ("SubscriptionConfirmation".equals(text(root, "Type"))) {
            throw invalid("it asks to confirm a subscription, which is not done here; let SNS send to a queue");
        }
        if ("s3:TestEvent".equals(text(root, "Event"))) {
            return List.of();
        }
        if ("aws.s3".equals(text(root, "source"))) {
            return "Object Created".equals(text(root, "detail-type")) ? List.of(bridged(root)) : List.of();
        }
        return records(root.path("Records"));
    }

    private JsonNode read(String notification) {
        try {
            return json.readTree(notification);
        } catch (JacksonException malformed) {
            throw invalid("it is not well-formed JSON");
        }
    }

    private static List<StoreEvent> records(JsonNode records) {
        if (!records.isArray() || records.size() > MAX_RECORDS) {
            throw invalid("\"Records\" must be an array of at most " + MAX_RECORDS + " events");
        }
        List<StoreEvent> events = new ArrayList<>();
        for (JsonNode one : records) {
            if (!one.isObject()) {
                throw invalid("each event in \"Records\" must be an object");
            }
            String version = text(one, "eventVersion");
            if (!version.isEmpty() && !version.startsWith("2.")) {
                throw invalid("only event versions 2.x are understood");
            }
            String name = text(one, "eventName");
            if (name.startsWith("ObjectCreated:") || name.startsWith("s3:ObjectCreated:")) {
                events.add(recorded(one));
            }
        }
        return events;
    }

    private static StoreEvent recorded(JsonNode one) {
        JsonNode s3 = one.path("s3");
        JsonNode object = s3.path("object");
        String key = text(object, "key");
        // Ceph tells keys as they are, everybody else URL-encodes them.
        boolean encoded = !text(one, "eventSource").equals("ceph:s3");
        return event(
                text(s3.path("bucket"), "name"),
                encoded ? decode(key) : key,
                object,
                new Words("eTag", "versionId"),
                time(text(one, "eventTime")));
    }

    /// An event of EventBridge, which tells keys as they are.
    private static StoreEvent bridged(JsonNode root) {
        JsonNode detail = root.path("detail");
        JsonNode object = detail.path("object");
        return event(
                text(detail.path("bucket"), "name"),
                text(object, "key"),
                object,
                new Words("etag", "version-id"),
                time(text(root, "time")));
    }

    private static StoreEvent event(
            String bucket, String key, JsonNode object, Words words, @Nullable Instant createdAt) {
        if (bucket.isEmpty() || key.isEmpty()) {
            throw invalid("an event names no bucket or no key");
        }
        String etag = text(object, words.etag()).replace("\"", "");
        String version = text(object, words.version());
        String tag = version.isEmpty() || version.equals("null") ? etag : version;
        String sequencer = text(object, "sequencer");
        if (!TAG.matcher(tag).matches() || !SEQUENCER.matcher(sequencer).matches()) {
            throw invalid("an entity tag, a version id or a sequencer is too long or not plain ASCII");
        }
        JsonNode size = object.path("size");
        if (!size.isMissingNode() && !size.isNull() && !size.canConvertToLong()) {
            throw invalid("a size is no whole number");
        }
        return new StoreEvent(bucket, key, size.asLong(0), tag, sequencer, createdAt);
    }

    /// The text of a field; empty when it is absent.
    private static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw invalid("\"" + field + "\" must be text");
        }
        return value.asString();
    }

    // A key of ours says the same encoded or not, but for its slashes, which MinIO encodes too.
    private static String decode(String key) {
        if (BlobKey.isValid(key)) {
            return key;
        }
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return key;
        }
    }

    private static @Nullable Instant time(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException unknown) {
            // It only serves to measure.
            return null;
        }
    }

    private static Failure invalid(String why) {
        return new Failure(Failure.Kind.INVALID, "This is not an S3 event notification: " + why + ".");
    }

    /// What the parts of an object are called.
    private record Words(String etag, String version) {}
}
