package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiClient;
import dev.safelight.cli.ApiProblem;
import dev.safelight.cli.Backoff;
import dev.safelight.cli.bulk.StoreClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/// Brings a large file to the store in parts, those first that the store does not have, and has them joined.
final class SendParts {
    private static final int MOST_ROUNDS = 3;
    private static final int MOST_URLS = 100;

    private final ApiClient api;
    private final StoreClient store;
    private final int parallel;
    private final int retries;
    private final LongConsumer onProgress;

    SendParts(ApiClient api, StoreClient store, int parallel, int retries, LongConsumer onProgress) {
        this.api = api;
        this.store = store;
        this.parallel = parallel;
        this.retries = retries;
        this.onProgress = onProgress;
    }

    /// @return the upload as it is after it was joined
    JsonNode send(Order known, JsonNode upload) throws Undelivered, IOException, InterruptedException {
        // Parts are read from the file, also from a small one.
        Order order = known.withoutContent();
        String path = "/v1/uploads/" + ApiClient.encode(upload.path("uploadId").asString());
        try {
            for (int round = 1; ; round++) {
                sendMissing(order, upload, api.get(path + "/parts"), round == 1);
                if (!order.isUnchanged()) {
                    abort(path);
                    throw Undelivered.changed();
                }
                try {
                    return api.post(path + "/complete", Map.of());
                } catch (ApiProblem problem) {
                    if (!"parts-missing".equals(problem.reason()) || round == MOST_ROUNDS) {
                        throw problem;
                    }
                }
            }
        } catch (ApiProblem problem) {
            if (problem.isPassing() || problem.status() == 401) {
                throw problem;
            }
            throw new Undelivered(problem.reason() == null ? "refused" : problem.reason(), problem.detail());
        }
    }

    // What was sent is of no use: its parts are of two states of the file.
    private void abort(String path) throws IOException, InterruptedException {
        try {
            api.delete(path);
        } catch (ApiProblem problem) {
            // The server gives it up by itself when nothing more comes.
        }
    }

    private void sendMissing(Order order, JsonNode upload, JsonNode ledger, boolean isFirst)
            throws Undelivered, IOException, InterruptedException {
        long partBytes = ledger.path("partBytes").asLong();
        int count = ledger.path("partCount").asInt();
        if (partBytes < 1 || (long) count * partBytes < order.bytes()) {
            throw new IOException("the server told of parts that are not those of %s".formatted(order.file()));
        }
        Map<Integer, Long> there = new HashMap<>();
        ledger.path("parts")
                .forEach(part -> there.put(
                        part.path("partNumber").asInt(), part.path("bytes").asLong()));
        List<Part> missing = new ArrayList<>();
        long known = 0;
        for (int number = 1; number <= count; number++) {
            long offset = (number - 1) * partBytes;
            Part part = new Part(number, offset, Math.min(partBytes, order.bytes() - offset));
            if (there.getOrDefault(number, -1L) == part.bytes()) {
                known += part.bytes();
            } else {
                missing.add(part);
            }
        }
        if (isFirst) {
            onProgress.accept(known);
        }
        int ahead = Math.min(MOST_URLS, Math.max(10, 4 * parallel));
        PartUrls urls = new PartUrls(
                api, upload, ahead, missing.stream().map(Part::number).toList());
        sendAll(order, missing, urls);
    }

    private record Part(int number, long offset, long bytes) {}

    private void sendAll(Order order, List<Part> parts, PartUrls urls)
            throws Undelivered, IOException, InterruptedException {
        Queue<Part> queue = new ConcurrentLinkedQueue<>(parts);
        int copies = Math.min(parallel, parts.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                CompletionService<Boolean> senders = new ExecutorCompletionService<>(threads);
                for (int i = 0; i < copies; i++) {
                    senders.submit(() -> {
                        for (Part part = queue.poll(); part != null; part = queue.poll()) {
                            send(order, part, urls);
                            urls.done(part.number());
                        }
                        return true;
                    });
                }
                // By their ends: one that fails stops the others, whichever it is.
                for (int i = 0; i < copies; i++) {
                    senders.take().get();
                }
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof Undelivered undelivered) {
                    throw undelivered;
                }
                Rethrow.cause(failed);
            } finally {
                queue.clear();
                threads.shutdownNow();
            }
        }
    }

    private void send(Order order, Part part, PartUrls urls) throws Undelivered, IOException, InterruptedException {
        Backoff backoff = new Backoff(retries);
        while (true) {
            URI url = urls.url(part.number());
            AtomicLong sent = new AtomicLong();
            String failure;
            try {
                Answer answer =
                        store.put(url, Map.of(), FileBody.of(order.file(), part.offset(), part.bytes(), count -> {
                            sent.addAndGet(count);
                            onProgress.accept(count);
                        }));
                if (answer.isOk()) {
                    return;
                }
                onProgress.accept(-sent.get());
                urls.forget(url);
                if (backoff.isOver() || !(answer.isPassing() || answer.isRefusedGrant())) {
                    throw Undelivered.answered(answer, "part %d: ".formatted(part.number()));
                }
                backoff.pause(answer.retryAfter());
            } catch (IOException cut) {
                onProgress.accept(-sent.get());
                failure = cut.toString();
                requireWorthIt(order, part, url, backoff, failure);
                backoff.pause(null);
            }
        }
    }

    private static void requireWorthIt(Order order, Part part, URI url, Backoff backoff, String failure)
            throws Undelivered, InterruptedException {
        if (!order.isUnchanged()) {
            throw Undelivered.changed();
        }
        if (backoff.isOver()) {
            throw Undelivered.unreachable(
                    "the store at %s did not take part %d: %s".formatted(url.getAuthority(), part.number(), failure));
        }
    }
}
