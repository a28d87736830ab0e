package dev.safelight.store;

/// A range of bytes, both ends included, as in RFC 9110 §14.
public record ByteRange(long first, long last) {
    public ByteRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("not a range: " + first + "-" + last);
        }
    }

    public long length() {
        return last - first + 1;
    }
}
