package dev.safelight.render;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/// The few words kept with a blob, as bytes.
final class BlobMetadata {
    private static final int MOST_BYTES = 4096;

    private BlobMetadata() {}

    static byte[] write(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return new byte[0];
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(metadata.size());
            for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                out.writeUTF(entry.getKey());
                out.writeUTF(entry.getValue());
            }
        } catch (IOException tooLong) {
            throw new IllegalArgumentException("metadata is too long", tooLong);
        }
        if (bytes.size() > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "metadata may have %d bytes, not %d".formatted(MOST_BYTES, bytes.size()));
        }
        return bytes.toByteArray();
    }

    /// Reads what was written; the caller has compared the checksum.
    static Map<String, String> read(byte[] bytes) {
        if (bytes.length == 0) {
            return Map.of();
        }
        Map<String, String> metadata = new TreeMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            for (int i = in.readUnsignedShort(); i > 0; i--) {
                metadata.put(in.readUTF(), in.readUTF());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Map.copyOf(metadata);
    }
}
