package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiClient;
import dev.safelight.cli.ApiProblem;
import dev.safelight.cli.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/// Asks for the status of uploads that were sent, many at a time and each less and less often, until all have
/// ended.
final class AwaitUploads {
    private static final int MOST_WAITING = 5000;
    private static final int BATCH = 100;
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(3);
    private static final long TOGETHER = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long SILENT = TimeUnit.SECONDS.toNanos(3);

    private final ApiClient api;
    private final Results results;
    private final Duration patience;
    private final boolean untilReady;

    private final PriorityQueue<Waiting> queue = new PriorityQueue<>((one, other) -> Long.signum(one.due - other.due));
    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isClosed;
    private long lastEnd = System.nanoTime();
    private long lastArrival = System.nanoTime();

    /// @param patience how long to wait without any file coming to its end
    /// @param untilReady false to be content when the server has the bytes
    AwaitUploads(ApiClient api, Results results, Duration patience, boolean untilReady) {
        this.api = api;
        this.results = results;
        this.patience = patience;
        this.untilReady = untilReady;
    }

    private static final class Waiting {
        private final Order order;
        private final JsonNode ids;
        private final boolean isSent;
        private final long since = System.nanoTime();
        private long pause = FIRST_PAUSE;
        private long due = since + FIRST_PAUSE;
        private boolean isAsked;

        // Thousands wait at a time: the bytes of small files, and grants of some kilobytes, would fill the memory.
        Waiting(Order order, JsonNode upload, boolean isSent) {
            this.order = order.withoutContent();
            this.ids = Json.LINE
                    .createObjectNode()
                    .put("uploadId", upload.path("uploadId").asString())
                    .put("assetId", upload.path("assetId").asString());
            this.isSent = isSent;
        }

        String id() {
            return ids.path("uploadId").asString();
        }
    }

    boolean isEnd(JsonNode upload) {
        String status = upload.path("status").asString();
        return Outcome.isFinal(status) || (!untilReady && !status.equals("PENDING") && !status.isEmpty());
    }

    /// Waits while very many are waiting already.
    void add(Order order, JsonNode upload, boolean isSent) throws InterruptedException {
        room.acquire();
        add(new Waiting(order, upload, isSent));
    }

    private void add(Waiting waiting) {
        lock.lock();
        try {
            queue.add(waiting);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        return MOST_WAITING - room.availablePermits();
    }

    /// No more will be added.
    void close() {
        lock.lock();
        try {
            isClosed = true;
            lastEnd = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void run() throws IOException, InterruptedException {
        for (List<Waiting> due = takeDue(); !due.isEmpty(); due = takeDue()) {
            look(due);
        }
    }

    /// Waits for the first one that is due, and takes what is due soon with it; empty at the end.
    private List<Waiting> takeDue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Waiting first = queue.peek();
                if (first == null && isClosed) {
                    return List.of();
                }
                long wait = first == null ? Long.MAX_VALUE : first.due - System.nanoTime();
                if (wait <= 0) {
                    break;
                }
                changed.awaitNanos(wait);
            }
            long soon = System.nanoTime() + TOGETHER;
            List<Waiting> due = new ArrayList<>();
            for (Waiting next = queue.peek(); next != null && due.size() < BATCH; next = queue.peek()) {
                if (next.due - soon > 0) {
                    break;
                }
                due.add(queue.remove());
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    private void look(List<Waiting> due) throws IOException, InterruptedException {
        String ids = String.join(",", due.stream().map(Waiting::id).toList());
        Map<String, JsonNode> found = new HashMap<>();
        api.get("/v1/uploads?ids=" + ids)
                .path("uploads")
                .forEach(upload -> found.put(upload.path("uploadId").asString(), upload));
        if (found.values().stream().anyMatch(upload -> !isPending(upload))) {
            lastArrival = System.nanoTime();
        }
        for (Waiting waiting : due) {
            JsonNode upload = found.get(waiting.id());
            if (upload == null) {
                end(
                        waiting,
                        Outcome.failed(waiting.order, waiting.ids, "gone", "the server knows the upload no more."));
            } else if (isEnd(upload)) {
                results.ended(waiting.order, upload, waiting.isSent);
                room.release();
                lastEnd = System.nanoTime();
            } else if (System.nanoTime() - Math.max(lastEnd, waiting.since) > patience.toNanos()) {
                end(waiting, timeout(waiting, upload));
            } else {
                askOnce(waiting, upload);
                waiting.pause = Math.min(LONGEST_PAUSE, waiting.pause * 3 / 2);
                waiting.due = System.nanoTime() + waiting.pause;
                add(waiting);
            }
        }
    }

    private void end(Waiting waiting, Outcome outcome) {
        results.ended(waiting.order.number(), outcome);
        room.release();
    }

    private Outcome timeout(Waiting waiting, JsonNode upload) {
        String detail = "still %s after %d s in which no file was finished; look again with: safelight asset get %s"
                .formatted(
                        upload.path("status").asString(),
                        patience.toSeconds(),
                        upload.path("assetId").asString());
        return Outcome.failed(waiting.order, upload, "timeout", detail);
    }

    private static boolean isPending(JsonNode upload) {
        return upload.path("status").asString().equals("PENDING");
    }

    // A store whose events do not come is asked by the server when a client wants it to. A server that is busy with
    // the arrival of others is left alone.
    private void askOnce(Waiting waiting, JsonNode upload) throws IOException, InterruptedException {
        boolean isSilent = System.nanoTime() - Math.max(waiting.since, lastArrival) > SILENT;
        if (waiting.isAsked || !isSilent || !isPending(upload)) {
            return;
        }
        waiting.isAsked = true;
        try {
            api.post("/v1/uploads/" + waiting.id() + "/complete", Map.of());
        } catch (ApiProblem problem) {
            // Its status will tell.
        }
    }
}
