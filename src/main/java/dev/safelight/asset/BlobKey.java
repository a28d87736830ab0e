package dev.safelight.asset;

/// The address of an object in the store.
///
/// @param key 1 to 512 ASCII characters out of letters, digits and `/ . _ -`, without empty, `.` or `..` segments
public record BlobKey(Bucket bucket, String key) {
    /// What keys of originals begin with, which no other bucket has.
    public static final String ORIGINALS = "raw/";

    /// What keys of variants begin with.
    public static final String VARIANTS = "processed/";

    /// What keys of results begin with that were made on request and can be made again; the catalogue has none.
    public static final String RESULTS = "derived/";

    public BlobKey {
        if (!isValid(key)) {
            throw new IllegalArgumentException("not a key: " + key);
        }
    }

    public static boolean isValid(String key) {
        if (key.isEmpty() || key.length() > 512) {
            return false;
        }
        int segmentStart = 0;
        for (int i = 0; i <= key.length(); i++) {
            char c = i < key.length() ? key.charAt(i) : '/';
            if (c == '/') {
                String segment = key.substring(segmentStart, i);
                if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                    return false;
                }
                segmentStart = i + 1;
            } else if (!isAllowed(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return bucket.text() + ":" + key;
    }
}
