package dev.safelight.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.Tag;

/// Tags in the forms of the protocol, and whether this service has any.
final class S3Tags {
    private static final Logger log = LoggerFactory.getLogger(S3Tags.class);

    private static final int NOT_IMPLEMENTED = 501;

    private final AtomicBoolean missing = new AtomicBoolean();

    /// Whether the service said that it has no tags.
    boolean areMissing() {
        return missing.get();
    }

    /// Whether an error says that the service has no tags; that is logged once.
    boolean isUnsupported(SdkException e) {
        // Not 405, which can be the answer about one object alone, such as a marker of a deletion.
        boolean unsupported =
                S3Errors.status(e) == NOT_IMPLEMENTED || S3Errors.code(e).equals("NotImplemented");
        if (unsupported && missing.compareAndSet(false, true)) {
            log.warn(
                    "The object store has no object tags ({}): what is not approved is kept back by the catalogue alone,"
                            + " not by the store as well",
                    e.getMessage());
        }
        return unsupported;
    }

    /// The value of the header that stores an object with tags; null for none.
    static @Nullable String header(Map<String, String> tags) {
        return tags.isEmpty()
                ? null
                : new TreeMap<>(tags)
                        .entrySet().stream()
                                .map(tag -> encode(tag.getKey()) + "=" + encode(tag.getValue()))
                                .collect(Collectors.joining("&"));
    }

    // Not every service takes a plus for a space.
    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    static List<Tag> list(Map<String, String> tags) {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList();
    }

    static Map<String, String> map(List<Tag> tags) {
        return tags.stream().collect(Collectors.toUnmodifiableMap(Tag::key, Tag::value, (first, second) -> second));
    }
}
