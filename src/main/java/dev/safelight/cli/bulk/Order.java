package dev.safelight.cli.bulk;

import dev.safelight.cli.Json;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file with all that is needed to ask for a grant.
///
/// @param number in the order in which files were found
/// @param content the bytes of a small file as they were hashed
/// @param salt makes the same file another upload; empty normally
@SuppressWarnings("ArrayRecordComponent")
record Order(
        long number,
        Path file,
        FileState state,
        String contentType,
        String sha256,
        byte @Nullable [] content,
        Target target,
        String space,
        String salt) {

    long bytes() {
        return state.bytes();
    }

    String fileName() {
        return String.valueOf(file.getFileName());
    }

    /// The same once its bytes are with the store.
    Order withoutContent() {
        return new Order(number, file, state, contentType, sha256, null, target, space, salt);
    }

    Order withSalt(String other) {
        return new Order(number, file, state, contentType, sha256, content, target, space, other);
    }

    /// Reads the file when it was touched, which is not to say that it has other bytes now.
    boolean isUnchanged() throws InterruptedException {
        if (content != null || state.isStillOf(file)) {
            return true;
        }
        try {
            return FileState.of(file).bytes() == bytes() && Sha256.of(file).equals(sha256);
        } catch (ClosedByInterruptException interrupted) {
            throw new InterruptedException();
        } catch (IOException gone) {
            return false;
        }
    }

    /// The body of a request for a grant.
    Map<String, Object> request() {
        Map<String, Object> request = describe();
        request.put("idempotencyKey", idempotencyKey());
        return request;
    }

    private Map<String, Object> describe() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("fileName", fileName());
        request.put("contentType", contentType);
        request.put("size", bytes());
        request.put("space", space);
        request.put("sha256", sha256);
        target.addTo(request);
        return request;
    }

    /// The same for the same content, name, target and space, whenever and wherever it is uploaded.
    String idempotencyKey() {
        Map<String, Object> all = new TreeMap<>(describe());
        all.put("metadata", new TreeMap<>(target.metadata()));
        all.put("salt", salt);
        return "cli-" + digest(all);
    }

    /// Tells orders of the same file apart in a journal.
    static String fingerprint(Target target) {
        Map<String, Object> all = new TreeMap<>();
        target.addTo(all);
        all.put("metadata", new TreeMap<>(target.metadata()));
        return digest(all).substring(0, 16);
    }

    // JSON, since only that tells where one value ends and the next begins.
    private static String digest(Map<String, Object> all) {
        return Sha256.of(Json.LINE.writeValueAsString(all));
    }
}
