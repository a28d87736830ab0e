package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The tags of one object, within the limits of S3.
///
/// @param tags values by name
record TagSet(Map<String, String> tags) {
    static final TagSet EMPTY = new TagSet(Map.of());

    static final int MOST = 10;
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_VALUE = 256;

    private static final Pattern CHARACTERS = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
    private static final String RESERVED = "aws:";

    TagSet {
        tags = Map.copyOf(tags);
    }

    /// Takes tags one after the other, and refuses those that S3 would refuse.
    static final class Collector {
        private final SortedMap<String, String> tags = new TreeMap<>();

        /// @throws software.amazon.awssdk.services.s3.model.S3Exception 400
        Collector add(String name, String value) {
            if (tags.size() == MOST) {
                throw StoreError.INVALID_TAG.with("An object has at most %d tags.".formatted(MOST));
            }
            if (name.isEmpty() || name.length() > LONGEST_NAME || value.length() > LONGEST_VALUE) {
                throw StoreError.INVALID_TAG.with("A tag has a name of 1 to %d characters and a value of up to %d."
                        .formatted(LONGEST_NAME, LONGEST_VALUE));
            }
            if (!CHARACTERS.matcher(name).matches()
                    || !CHARACTERS.matcher(value).matches()) {
                throw StoreError.INVALID_TAG.with("Tags consist of letters, digits, spaces and _ . : / = + - @ only.");
            }
            if (name.startsWith(RESERVED)) {
                throw StoreError.INVALID_TAG.with("Names of tags that begin with aws: are reserved.");
            }
            if (tags.put(name, value) != null) {
                throw StoreError.INVALID_TAG.with("Each name of a tag may be given once.");
            }
            return this;
        }

        TagSet done() {
            return new TagSet(tags);
        }
    }

    boolean isEmpty() {
        return tags.isEmpty();
    }

    /// The form in which they are kept, which is that of the header, too.
    String text() {
        return new TreeMap<>(tags)
                .entrySet().stream()
                        .map(tag ->
                                URLEncoder.encode(tag.getKey(), UTF_8) + "=" + URLEncoder.encode(tag.getValue(), UTF_8))
                        .collect(Collectors.joining("&"));
    }

    /// Reads what [#text] writes, or a header of a client.
    ///
    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 400
    static TagSet parse(String text) {
        Collector tags = new Collector();
        if (!text.isEmpty()) {
            for (String pair : text.split("&", MOST + 2)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                tags.add(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return tags.done();
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw StoreError.INVALID_ARGUMENT.with(
                    "The header x-amz-tagging must be encoded like the parameters of an address.");
        }
    }
}
