package dev.safelight.render;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file name of a cached blob, which says all that the index needs to know after a restart.
///
/// @param key the hash of its key
/// @param generation grows with every file, so that a new value never takes the file of an old one
///     that is in use
/// @param group the hash of its group
/// @param length bytes of the body, which is all that the file holds
/// @param metadata bytes of the metadata, in a file of their own
/// @param checksum CRC32C of the metadata followed by the body
record BlobName(String key, long generation, String group, long length, int metadata, int checksum, String extension) {
    static final String METADATA = ".meta";

    private static final int GROUP_DIGITS = 16;
    private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]{1,8}");
    private static final Pattern FORM = Pattern.compile(
            "([0-9a-f]{64})-([0-9a-z]{1,12})-([0-9a-f]{16})-(\\d{1,10})-(\\d{1,5})-([0-9a-f]{8})\\.([a-z0-9]{1,8})");

    static String keyOf(String key) {
        return sha256(key);
    }

    static String groupOf(String group) {
        return sha256(group).substring(0, GROUP_DIGITS);
    }

    static String requireExtension(String extension) {
        if (!EXTENSION.matcher(extension).matches()) {
            throw new IllegalArgumentException("an extension is 1 to 8 letters and digits, not " + extension);
        }
        return extension;
    }

    static Optional<BlobName> parse(String file) {
        Matcher form = FORM.matcher(file);
        if (!form.matches()) {
            return Optional.empty();
        }
        return Optional.of(new BlobName(
                form.group(1),
                Long.parseLong(form.group(2), Character.MAX_RADIX),
                form.group(3),
                Long.parseLong(form.group(4)),
                Integer.parseInt(form.group(5)),
                Integer.parseUnsignedInt(form.group(6), 16),
                form.group(7)));
    }

    String file() {
        return key
                + '-'
                + Long.toString(generation, Character.MAX_RADIX)
                + '-'
                + group
                + '-'
                + length
                + '-'
                + metadata
                + '-'
                + HexFormat.of().toHexDigits(checksum)
                + '.'
                + extension;
    }

    /// Bytes on disk.
    long size() {
        return length + metadata;
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
