package dev.safelight.delivery;

import dev.safelight.store.ByteRange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/// The frame around several ranges of one representation: `multipart/byteranges` as in RFC 9110 §14.6.
record MultipartRanges(Representation representation, List<ByteRange> ranges, String boundary) {
    MultipartRanges {
        ranges = List.copyOf(ranges);
    }

    /// With a boundary that nobody can foresee, and so nobody can have put into the content.
    static MultipartRanges of(Representation representation, List<ByteRange> ranges) {
        return new MultipartRanges(
                representation, ranges, UUID.randomUUID().toString().replace("-", ""));
    }

    String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    /// What stands before the bytes of a range.
    byte[] opening(ByteRange range) {
        String delimiter = range.equals(ranges.getFirst()) ? "--" : "\r\n--";
        return ascii(delimiter + boundary
                + "\r\nContent-Type: " + representation.type().text()
                + "\r\nContent-Range: " + MediaHeaders.contentRange(range, representation.bytes())
                + "\r\n\r\n");
    }

    /// What stands after the last range.
    byte[] closing() {
        return ascii("\r\n--" + boundary + "--\r\n");
    }

    /// The length of the whole content.
    long bytes() {
        long parts = ranges.stream()
                .mapToLong(range -> opening(range).length + range.length())
                .sum();
        return parts + closing().length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
