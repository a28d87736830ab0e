package dev.safelight.cli;

import dev.safelight.asset.MediaType;
import dev.safelight.cli.ApiClient.ApiProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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
    private static final int MOST_OF_ANSWER = 400;
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
    /// @param reason null when READY, or when no word fits
    record Outcome(
            String file,
            @Nullable String assetId,
            String status,
            @Nullable String reason,
            @Nullable String detail,
            long originalBytes) {
        boolean isReady() {
            return status.equals("READY");
        }

        static Outcome failed(Path file, @Nullable String assetId, String reason, @Nullable String detail) {
            return new Outcome(file.toString(), assetId, "FAILED", reason, detail, sizeOrZero(file));
        }

        private static Outcome of(ApiProblem problem, Path file, @Nullable String assetId) {
            if (problem.isServersFault()) {
                String why = problem.isPassing() ? "unavailable" : "internal";
                return failed(file, assetId, problem.reason() == null ? why : problem.reason(), problem.detail());
            }
            String reason = problem.reason() == null ? "refused" : problem.reason();
            return new Outcome(file.toString(), assetId, "REJECTED", reason, problem.detail(), sizeOrZero(file));
        }
    }

    /// Ends one file; the others may well arrive.
    private static final class Undelivered extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        Undelivered(String reason, String message) {
            super(message);
            this.reason = reason;
        }
    }

    /// What goes wrong with this file alone is an outcome.
    ///
    /// @throws ApiProblem when the key may not upload
    /// @throws IOException when the server cannot be reached
    Outcome run(Path file, LongConsumer onProgress) throws IOException, InterruptedException {
        String assetId = null;
        try {
            Map<String, Object> order = order(file);
            String idempotencyKey = UUID.randomUUID().toString();
            JsonNode upload = api.post("/v1/uploads", order, idempotencyKey);
            assetId = textOrNull(upload, "assetId");
            for (int tries = 1; !isSent(file, upload.path("grant"), onProgress, tries); tries++) {
                upload = api.post("/v1/uploads", order, idempotencyKey);
            }
            JsonNode end = await(upload.path("uploadId").asString());
            return new Outcome(
                    file.toString(),
                    textOrNull(end, "assetId"),
                    end.path("status").asString(),
                    textOrNull(end, "reason"),
                    textOrNull(end, "detail"),
                    sizeOrZero(file));
        } catch (Undelivered failed) {
            return Outcome.failed(file, assetId, failed.reason, failed.getMessage());
        } catch (ApiProblem problem) {
            if (problem.isAboutKey()) {
                throw problem;
            }
            return Outcome.of(problem, file, assetId);
        }
    }

    private Map<String, Object> order(Path file) throws Undelivered {
        String name = String.valueOf(file.getFileName());
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("fileName", name);
        order.put("contentType", MediaType.ofFileName(name).map(MediaType::text).orElse("application/octet-stream"));
        order.put("space", space);
        try {
            order.put("size", Files.size(file));
            order.put("sha256", sha256(file));
        } catch (IOException unreadable) {
            throw new Undelivered("unreadable", "the file cannot be read: " + unreadable);
        }
        return order;
    }

    /// Sends the bytes, unless there is no grant since they are there already; false when it is worth trying again.
    private boolean isSent(Path file, JsonNode grant, LongConsumer onProgress, int tries)
            throws Undelivered, InterruptedException {
        if (!grant.isObject()) {
            return true;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        grant.path("fields")
                .propertyStream()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString()));
        long[] read = new long[1];
        LongConsumer counting = count -> {
            read[0] += count;
            onProgress.accept(count);
        };
        URI store = URI.create(grant.path("url").asString());
        try {
            HttpResponse<String> answer = api.postForm(store, FormBody.of(fields, file, counting));
            // 412: the object is there already, from an earlier try whose answer was lost.
            if (answer.statusCode() / 100 == 2 || answer.statusCode() == 412) {
                return true;
            }
            if (answer.statusCode() < 500 || tries >= STORE_TRIES) {
                throw new Undelivered(
                        "refused",
                        "the store answered with status %d: %s".formatted(answer.statusCode(), start(answer.body())));
            }
        } catch (IOException | UncheckedIOException cut) {
            if (!Files.isReadable(file)) {
                throw new Undelivered("unreadable", "the file cannot be read any more.");
            }
            if (tries >= STORE_TRIES) {
                throw new Undelivered("unreachable", "the store at %s did not take the file: %s".formatted(store, cut));
            }
        }
        onProgress.accept(-read[0]);
        Thread.sleep(Duration.ofMillis(300L << tries));
        return false;
    }

    private JsonNode await(String uploadId) throws Undelivered, IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Duration pause = POLL;
        while (true) {
            JsonNode upload = api.get("/v1/uploads/" + uploadId);
            if (FINAL.contains(upload.path("status").asString())) {
                return upload;
            }
            if (System.nanoTime() > deadline) {
                throw new Undelivered(
                        "timeout",
                        "still %s after %d s; look again with: safelight asset get %s"
                                .formatted(
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

    /// Enough of an answer to see what it is about.
    private static String start(String body) {
        return body.length() <= MOST_OF_ANSWER ? body : body.substring(0, MOST_OF_ANSWER) + "…";
    }

    private static long sizeOrZero(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
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
