package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiProblem;
import dev.safelight.cli.Json;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How a file ended.
///
/// @param assetId null when no upload was granted
/// @param status of the upload; SENT when the store has it and nobody waits for more, SKIPPED for a file that was
///     not to be uploaded
/// @param reason null when all is well, or when no word fits
/// @param isSent whether its bytes were sent by this run
public record Outcome(
        String file,
        @Nullable String assetId,
        @Nullable String uploadId,
        String status,
        @Nullable String reason,
        @Nullable String detail,
        long originalBytes,
        boolean isSent) {

    static final String FAILED = "FAILED";
    static final String REJECTED = "REJECTED";
    static final String SKIPPED = "SKIPPED";

    public boolean isReady() {
        return status.equals("READY");
    }

    /// Whether nobody needs to look at this file: it is READY, or safely with a server that nobody waits for.
    public boolean isFine() {
        return !isFailure(status);
    }

    Outcome withStatus(String changed) {
        return new Outcome(file, assetId, uploadId, changed, reason, detail, originalBytes, isSent);
    }

    static boolean isFailure(String status) {
        return status.equals(FAILED) || status.equals(REJECTED) || status.equals(SKIPPED);
    }

    static boolean isFinal(String status) {
        return status.equals("READY") || status.equals(REJECTED) || status.equals(FAILED);
    }

    static Outcome unusable(Path file, String status, String reason, String detail) {
        return new Outcome(file.toString(), null, null, status, reason, detail, 0, false);
    }

    static Outcome failed(Order order, @Nullable JsonNode upload, String reason, String detail) {
        String asset = upload == null ? null : Json.textOrNull(upload, "assetId");
        String id = upload == null ? null : Json.textOrNull(upload, "uploadId");
        return new Outcome(order.file().toString(), asset, id, FAILED, reason, detail, order.bytes(), false);
    }

    static Outcome refused(Order order, ApiProblem problem) {
        boolean servers = problem.isPassing();
        String word = !servers ? "refused" : problem.status() == 500 ? "internal" : "unavailable";
        String reason = problem.reason() == null ? word : problem.reason();
        String status = servers ? FAILED : REJECTED;
        return new Outcome(order.file().toString(), null, null, status, reason, problem.detail(), order.bytes(), false);
    }

    static Outcome of(Order order, JsonNode upload, boolean isSent) {
        return new Outcome(
                order.file().toString(),
                Json.textOrNull(upload, "assetId"),
                Json.textOrNull(upload, "uploadId"),
                upload.path("status").asString(),
                Json.textOrNull(upload, "reason"),
                Json.textOrNull(upload, "detail"),
                order.bytes(),
                isSent);
    }
}
