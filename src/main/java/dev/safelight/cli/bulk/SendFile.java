package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiProblem;
import dev.safelight.cli.Backoff;
import dev.safelight.cli.bulk.StoreClient.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/// Brings the bytes of one file to the store, as its grant says; a grant that ended is renewed.
final class SendFile {
    /// A grant that ends sooner is renewed first.
    private static final long LEAST_SECONDS = 20;

    private final StoreClient store;
    private final GrantUploads grants;
    private final SendParts parts;
    private final LongConsumer onProgress;
    private final int retries;
    private final InstantSource clock;

    SendFile(
            StoreClient store,
            GrantUploads grants,
            SendParts parts,
            LongConsumer onProgress,
            int retries,
            InstantSource clock) {
        this.store = store;
        this.grants = grants;
        this.parts = parts;
        this.onProgress = onProgress;
        this.retries = retries;
        this.clock = clock;
    }

    /// The upload as the server knew it last, and whether bytes were sent.
    record Delivery(JsonNode upload, boolean isSent) {}

    /// @throws Undelivered when this file cannot be brought there
    /// @throws IOException when the server cannot be reached
    Delivery send(Order order, JsonNode granted) throws Undelivered, IOException, InterruptedException {
        Backoff backoff = new Backoff(retries);
        JsonNode upload = isStale(granted) ? renew(order) : granted;
        while (upload.path("grant").isObject()) {
            JsonNode grant = upload.path("grant");
            if (grant.path("method").asString("POST").equals("MULTIPART")) {
                return new Delivery(parts.send(order, upload), true);
            }
            AtomicLong sent = new AtomicLong();
            LongConsumer counting = count -> {
                sent.addAndGet(count);
                onProgress.accept(count);
            };
            if (trySend(order, grant, counting, backoff)) {
                if (!order.isUnchanged()) {
                    throw Undelivered.changed();
                }
                onProgress.accept(order.bytes() - sent.get());
                return new Delivery(upload, true);
            }
            onProgress.accept(-sent.get());
            upload = renew(order);
        }
        onProgress.accept(order.bytes());
        return new Delivery(upload, false);
    }

    private JsonNode renew(Order order) throws Undelivered, IOException, InterruptedException {
        try {
            return grants.renew(order);
        } catch (ApiProblem problem) {
            if (problem.isPassing() || problem.status() == 401) {
                throw problem;
            }
            throw new Undelivered(problem.reason() == null ? "refused" : problem.reason(), problem.detail());
        }
    }

    private boolean isStale(JsonNode upload) {
        try {
            Instant expires =
                    Instant.parse(upload.path("grant").path("expiresAt").asString(""));
            return expires.isBefore(clock.instant().plusSeconds(LEAST_SECONDS));
        } catch (DateTimeException untold) {
            return false;
        }
    }

    /// False when it is worth trying again with a new grant, after a pause that is over.
    private boolean trySend(Order order, JsonNode grant, LongConsumer counting, Backoff backoff)
            throws Undelivered, InterruptedException {
        URI url = URI.create(grant.path("url").asString());
        try {
            Answer answer = sendOnce(order, grant, url, counting);
            if (answer.isOk() || answer.isThereAlready()) {
                return true;
            }
            if (!order.isUnchanged()) {
                throw Undelivered.changed();
            }
            if (backoff.isOver() || !(answer.isPassing() || answer.isRefusedGrant())) {
                throw Undelivered.answered(answer, "");
            }
            backoff.pause(answer.retryAfter());
        } catch (IOException cut) {
            if (!order.isUnchanged()) {
                throw Undelivered.changed();
            }
            if (backoff.isOver()) {
                throw Undelivered.unreachable(
                        "the store at %s did not take the file: %s".formatted(url.getAuthority(), reason(cut)));
            }
            backoff.pause(null);
        }
        return false;
    }

    /// The JDK says of a connection that nobody takes only the type of the failure.
    private static String reason(IOException cut) {
        if (cut instanceof ConnectException) {
            return "it cannot be reached";
        }
        return cut.getMessage() == null ? "the connection broke" : cut.getMessage();
    }

    private Answer sendOnce(Order order, JsonNode grant, URI url, LongConsumer counting)
            throws IOException, InterruptedException {
        byte[] content = order.content();
        if (grant.path("method").asString("POST").equals("PUT")) {
            BodyPublisher body = content == null
                    ? FileBody.of(order.file(), 0, order.bytes(), counting)
                    : BodyPublishers.ofByteArray(content);
            return store.put(url, texts(grant.path("headers")), body);
        }
        FormBody form = FormBody.of(texts(grant.path("fields")));
        BodyPublisher body =
                content == null ? form.publisher(order.file(), order.bytes(), counting) : form.publisher(content);
        return store.post(url, form.contentType(), body);
    }

    private static Map<String, String> texts(JsonNode fields) {
        Map<String, String> texts = new LinkedHashMap<>();
        fields.propertyStream()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asString()));
        return texts;
    }
}
