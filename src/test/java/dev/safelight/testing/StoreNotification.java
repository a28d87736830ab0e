package dev.safelight.testing;

import java.util.List;
import java.util.stream.Collectors;

/// Notifications as stores send them, written by hand.
public record StoreNotification(String source, String bucket, String key, String etag, String sequencer) {

    public static StoreNotification of(String key, String etag, String sequencer) {
        return new StoreNotification("aws:s3", "raw", key, etag, sequencer);
    }

    public StoreNotification from(String otherSource) {
        return new StoreNotification(otherSource, bucket, key, etag, sequencer);
    }

    public StoreNotification in(String otherBucket) {
        return new StoreNotification(source, otherBucket, key, etag, sequencer);
    }

    private String record() {
        return """
                {"eventVersion":"2.1","eventSource":"%s","eventTime":"2026-11-28T10:00:00.000Z",
                 "eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0","bucket":{"name":"%s"},
                 "object":{"key":"%s","size":12,"eTag":"%s","versionId":"","sequencer":"%s"}}}
                """.formatted(source, bucket, key, etag, sequencer);
    }

    public String json() {
        return json(List.of(this));
    }

    public static String json(List<StoreNotification> all) {
        return all.stream().map(StoreNotification::record).collect(Collectors.joining(",", "{\"Records\":[", "]}"));
    }
}
