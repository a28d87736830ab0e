package dev.safelight.cli;

import dev.safelight.asset.MediaType;
import dev.safelight.cli.ApiClient.ApiProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Takes one file from disk to a final status: asks for a grant, sends the bytes to the store, waits for processing.
final class FileUpload {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration SLOWEST_POLL = Duration.ofSeconds(1);
    private static final int STORE_TRIES = 4;
    private static final Set<String> FINAL = Set.of("READY", "REJECTED", "FAILED");

    private final ApiClient api;
    private final String space;
    private final Duration patience;

    FileUpload(ApiClient api, String space, Duration patience) {
        this.api = api;
        this.space = space;
        this.patience = patience;
    }

    /// How a file ended.
    ///
    /// @param assetId null when no upload was granted
    record Outcome(
            String file,
            @Nullable String assetId,
            String status,
            @Nullable String reason,
            @Nullable String detail,
            long bytes) {
        boolean isReady() {
            return status.equals("READY");
        }
    }

    Outcome run(Path file, LongConsumer onProgress) throws IOException, InterruptedException {
        long size = Files.size(file);
        JsonNode upload;
        try {
            upload = send(file, size, onProgress);
        } catch (ApiProblem refused) {
            if (refused.reason() == null) {
                throw refused;
            }
            return new Outcome(file.toString(), null, "REJECTED", refused.reason(), refused.detail(), size);
        }
        String uploadId = upload.path("uploadId").asString();
        JsonNode end = await(uploadId);
        return new Outcome(
                file.toString(),
                end.path("assetId").asString(),
                end.path("status").asString(),
                textOrNull(end, "reason"),
                textOrNull(end, "detail"),
                size);
    }

    private JsonNode send(Path file, long size, LongConsumer onProgress) throws IOException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("fileName", String.valueOf(file.getFileName()));
        request.put(
                "contentType",
                MediaType.ofFileName(String.valueOf(file.getFileName()))
                        .map(MediaType::text)
                        .orElse("application/octet-stream"));
        request.put("size", size);
        request.put("space", space);
        request.put("sha256", sha256(file));
        String idempotencyKey = UUID.randomUUID().toString();
        for (int tries = 1; ; tries++) {
            JsonNode upload = api.post("/v1/uploads", request, idempotencyKey);
            JsonNode grant = upload.path("grant");
            if (!grant.isObject() || sent(file, grant, onProgress, tries)) {
                return upload;
            }
        }
    }

    /// Sends the bytes; false when it is worth trying again.
    private boolean sent(Path file, JsonNode grant, LongConsumer onProgress, int tries)
            throws IOException, InterruptedException {
        Map<String, String> fields = new LinkedHashMap<>();
        grant.path("fields")
                .propertyStream()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        long[] read = new long[1];
        LongConsumer counting = count -> {
            read[0] += count;
            onProgress.accept(count);
        };
        try {
            HttpResponse<String> answer =
                    api.postForm(URI.create(grant.path("url").asString()), FormBody.of(fields, file, counting));
            // 412: the object is there already, from an earlier try whose answer was lost.
            if (answer.statusCode() / 100 == 2 || answer.statusCode() == 412) {
                return true;
            }
            if (answer.statusCode() < 500 || tries >= STORE_TRIES) {
                throw new CliException(
                        ExitCode.REFUSED,
                        "the store refused %s with status %d: %s".formatted(file, answer.statusCode(), answer.body()));
            }
        } catch (IOException cut) {
            if (tries >= STORE_TRIES) {
                throw cut;
            }
        }
        onProgress.accept(-read[0]);
        Thread.sleep(Duration.ofMillis(300L << tries));
        return false;
    }

    private JsonNode await(String uploadId) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Duration pause = POLL;
        while (true) {
            JsonNode upload = api.get("/v1/uploads/" + uploadId);
            if (FINAL.contains(upload.path("status").asString())) {
                return upload;
            }
            if (System.nanoTime() > deadline) {
                throw new CliException(
                        ExitCode.NOT_AS_IT_SHOULD,
                        "upload %s is still %s after %d s; look again with: safelight asset get %s"
                                .formatted(
                                        uploadId,
                                        upload.path("status").asString(),
                                        patience.toSeconds(),
                                        upload.path("assetId").asString()));
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(3).dividedBy(2);
            if (pause.compareTo(SLOWEST_POLL) > 0) {
                pause = SLOWEST_POLL;
            }
        }
    }

    static @Nullable String textOrNull(JsonNode node, String field) {
        String text = node.path(field).asString("");
        return text.isEmpty() ? null : text;
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
