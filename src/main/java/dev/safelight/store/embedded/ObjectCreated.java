package dev.safelight.store.embedded;

import dev.safelight.asset.BlobKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// An object that the embedded store has made durable.
///
/// @param bucketName the bucket's real name
/// @param how the last part of S3's event name, such as `Put`, `Post` or `CompleteMultipartUpload`
/// @param etag without quotes
/// @param sequencer grows with every object stored, compared as text
public record ObjectCreated(
        BlobKey key, String bucketName, String how, long bytes, String etag, String sequencer, Instant time) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The event as Amazon S3 would send it, with the key URL-encoded.
    public String toRecordsJson() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("key", URLEncoder.encode(key.key(), StandardCharsets.UTF_8).replace("%2F", "/"));
        object.put("size", bytes);
        object.put("eTag", etag);
        object.put("sequencer", sequencer);

        Map<String, Object> s3 = new LinkedHashMap<>();
        s3.put("s3SchemaVersion", "1.0");
        s3.put("bucket", Map.of("name", bucketName));
        s3.put("object", object);

        Map<String, Object> event = new LinkedHashMap<>();
        event.put("eventVersion", "2.1");
        event.put("eventSource", "safelight:embedded");
        event.put("eventTime", time.toString());
        event.put("eventName", "ObjectCreated:" + how);
        event.put("s3", s3);
        return JSON.writeValueAsString(Map.of("Records", List.of(event)));
    }
}
