package dev.safelight.backup;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.encryption.FileEncryption;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// An object in a backup: one line of the list of objects.
///
/// Its extended attributes, without which the store would not know its type, are kept here and not on the
/// file, so that a backup may lie on any file system and be moved by any tool.
///
/// @param bytes of the file, whatever the store wrote into it
/// @param attributes the user extended attributes by name, in Base64
record ObjectEntry(
        String bucket, String key, long bytes, String sha256, Instant modified, Map<String, String> attributes) {
    static final int LONGEST_LINE = 256 * 1024;

    private static final int MOST_ATTRIBUTES = 64;
    /// Where the store keeps it, as its bytes where it is the MD5 of the whole object.
    private static final String DIGEST = "user.content-md5";

    private static final int MD5_BYTES = 16;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,200}");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]*={0,2}");

    ObjectEntry {
        attributes = Map.copyOf(attributes);
        requireBucket(bucket);
        if (!BlobKey.isValid(key)
                || bytes < 0
                || !HASH.matcher(sha256).matches()
                || attributes.size() > MOST_ATTRIBUTES
                || !attributes.keySet().stream()
                        .allMatch(name -> NAME.matcher(name).matches())
                || !attributes.values().stream()
                        .allMatch(value ->
                                value.length() % 4 == 0 && BASE64.matcher(value).matches())) {
            throw new IllegalArgumentException("not an object: " + key);
        }
    }

    private static void requireBucket(String name) {
        if (!name.equals(Bucket.valueOf(name.toUpperCase(Locale.ROOT)).text())) {
            throw new IllegalArgumentException("not a bucket: " + name);
        }
    }

    /// Where its file is, below the folder of all objects.
    String path() {
        return bucket + "/" + key;
    }

    String name() {
        return bucket + ":" + key;
    }

    /// Whether bytes are those that were sent to the store, as far as it can be told: of an upload in parts
    /// no digest is known, and what is encrypted tells only who has the key.
    boolean isAsSent(FileCopy.Content content) {
        byte[] digest = Base64.getDecoder().decode(attributes.getOrDefault(DIGEST, ""));
        return digest.length != MD5_BYTES
                || attributes.keySet().stream().anyMatch(FileEncryption::isOwnAttribute)
                || HexFormat.of().formatHex(digest).equals(content.md5());
    }

    String line() {
        return Manifest.JSON.writeValueAsString(this);
    }

    /// @throws Failure INVALID when it is none
    static ObjectEntry parse(String line) {
        try {
            return Manifest.JSON.readValue(line, ObjectEntry.class);
        } catch (JacksonException malformed) {
            throw new Failure(Failure.Kind.INVALID, "A line of the backup's list of objects is damaged.", malformed);
        }
    }
}
