package dev.safelight.cli.bulk;

import dev.safelight.cli.ApiClient;
import dev.safelight.cli.ApiProblem;
import dev.safelight.cli.bulk.GrantUploads.Granted;
import dev.safelight.cli.bulk.PrepareFile.Found;
import dev.safelight.cli.bulk.PrepareFile.Prepared;
import dev.safelight.cli.bulk.SendFile.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Uploads all files of a source, in stages that work at the same time and hold few files between them:
///
/// find → prepare (type, target, SHA-256) → grant → send → await.
///
/// What is wrong with one file ends that file. What is wrong for all of them, such as a key without rights or a
/// server
/// that stays away, ends the run; a later one goes on from the journal.
public final class BulkUpload {
    private static final int FOUND_AHEAD = 256;
    private static final int PREPARED_AHEAD = 128;
    private static final int GRANTED_AHEAD = 128;
    private static final int LEAST_UNREACHABLE = 8;
    private static final int END_SECONDS = 5;

    private final ApiClient api;
    private final Settings settings;
    private final @Nullable Journal journal;
    private final Listener listener;
    private final Tally tally = new Tally();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger unreachable = new AtomicInteger();
    private volatile boolean isStopped;

    /// How to upload.
    ///
    /// @param parallel requests to the store at a time
    /// @param retries of everything that may pass
    /// @param patience how long to wait without any file being finished
    /// @param waits whether until files are READY, or only until the server has the bytes
    public record Settings(String space, int parallel, int retries, Duration patience, boolean waits, Naming naming) {}

    public BulkUpload(ApiClient api, Settings settings, @Nullable Journal journal, Listener listener) {
        this.api = api;
        this.settings = settings;
        this.journal = journal;
        this.listener = listener;
    }

    public Tally tally() {
        return tally;
    }

    public boolean isStopped() {
        return isStopped;
    }

    /// Ends a run of another thread soon; what is on its way is cut off.
    public void stop() {
        isStopped = true;
        threads.shutdownNow();
    }

    /// @throws ApiProblem when the key may not upload
    /// @throws IOException when the server or the store cannot be reached, or the journal not be written
    /// @throws InterruptedException also after [#stop]
    public Tally run(Source source) throws IOException, InterruptedException {
        Results results = new Results(journal, listener, tally);
        forgetForeignJournal();
        try (StoreClient store = new StoreClient(settings.parallel())) {
            try {
                run(source, results, store);
            } finally {
                threads.shutdownNow();
                // Not for ever: one that reads from a terminal cannot be interrupted.
                threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
                results.flush();
            }
        }
        if (journal != null && !results.hasUnfinished()) {
            journal.finish();
        }
        return tally;
    }

    /// A server that knows nothing of what the journal says was made anew at the same address.
    private void forgetForeignJournal() throws IOException, InterruptedException {
        if (journal == null) {
            return;
        }
        List<String> finished = journal.someFinished(settings.waits(), 100);
        if (!finished.isEmpty()
                && api.get("/v1/uploads?ids=" + String.join(",", finished))
                        .path("uploads")
                        .isEmpty()) {
            journal.forget();
        }
    }

    private void run(Source source, Results results, StoreClient store) throws IOException, InterruptedException {
        Channel<Found> found = new Channel<>(FOUND_AHEAD);
        Channel<Order> orders = new Channel<>(PREPARED_AHEAD);
        Channel<Granted> granted = new Channel<>(GRANTED_AHEAD);
        PrepareFile prepare = new PrepareFile(settings.naming(), settings.space(), settings.waits(), journal);
        GrantUploads grants = new GrantUploads(api, results, settings.retries());
        SendParts parts = new SendParts(api, store, settings.parallel(), settings.retries(), results::progressed);
        SendFile send =
                new SendFile(store, grants, parts, results::progressed, settings.retries(), InstantSource.system());
        AwaitUploads await = new AwaitUploads(api, results, settings.patience(), settings.waits());
        int hashers = Math.min(settings.parallel(), Runtime.getRuntime().availableProcessors());
        Stages stages = new Stages();
        stages.start(1, () -> find(source, found, results), found::close);
        stages.start(hashers, () -> prepareAll(prepare, found, orders, results), orders::close);
        stages.start(1, () -> grants.run(orders, granted), granted::close);
        stages.start(settings.parallel(), () -> sendAll(send, grants, granted, await, results), await::close);
        stages.start(1, await::run, () -> {});
        stages.join();
    }

    private static void find(Source source, Channel<Found> found, Results results)
            throws IOException, InterruptedException {
        source.visit(new Source.Visitor() {
            private long number;

            @Override
            public void file(Path file, String name, Target target) throws InterruptedException {
                found.put(new Found(number++, file, name, target));
            }

            @Override
            public void unusable(Path file, String reason, String detail) {
                results.ended(number++, Outcome.unusable(file, Outcome.FAILED, reason, detail));
            }
        });
    }

    private static void prepareAll(PrepareFile prepare, Channel<Found> found, Channel<Order> orders, Results results)
            throws InterruptedException {
        for (Found next = found.take(); next != null; next = found.take()) {
            switch (prepare.prepare(next)) {
                case Prepared.Ordered ordered -> orders.put(ordered.order());
                case Prepared.Ended ended -> {
                    results.progressed(ended.outcome().originalBytes());
                    results.ended(next.number(), ended.outcome());
                }
            }
        }
    }

    private void sendAll(
            SendFile send, GrantUploads grants, Channel<Granted> granted, AwaitUploads await, Results results)
            throws IOException, InterruptedException {
        for (Granted taken = granted.take(); taken != null; taken = granted.take()) {
            Granted next = taken;
            try {
                next = grants.insteadOfAborted(taken);
                Order order = next.order();
                if (order.content() == null && next.upload().path("grant").isObject()) {
                    results.granted(order, next.upload());
                }
                Delivery delivery = send.send(order, next.upload());
                if (delivery.isSent()) {
                    unreachable.set(0);
                }
                settle(order, delivery, await, results);
            } catch (Undelivered failed) {
                Order order = next.order();
                results.ended(order.number(), Outcome.failed(order, next.upload(), failed.reason(), failed.detail()));
                giveUpWithoutStore(failed);
            } catch (ApiProblem problem) {
                if (problem.isAboutKey() || problem.isPassing()) {
                    throw problem;
                }
                results.ended(next.order().number(), Outcome.refused(next.order(), problem));
            }
        }
    }

    private void settle(Order order, Delivery delivery, AwaitUploads await, Results results)
            throws IOException, InterruptedException {
        JsonNode upload = delivery.upload();
        if (await.isEnd(upload)) {
            results.ended(order, upload, delivery.isSent());
            return;
        }
        if (delivery.isSent() && !settings.waits()) {
            // What the store has acknowledged is durable, and the server learns of it by itself.
            results.acknowledged(order, upload);
            return;
        }
        if (delivery.isSent()) {
            results.sent(order, upload);
        }
        await.add(order, upload, delivery.isSent());
    }

    private void giveUpWithoutStore(Undelivered failed) throws IOException {
        int most = Math.max(LEAST_UNREACHABLE, 2 * settings.parallel());
        if (failed.isLikelyForAll() && unreachable.incrementAndGet() >= most) {
            throw new IOException(
                    "gave up after %d files in a row; of the last one: %s".formatted(most, failed.detail()));
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /// Threads in groups, each of which does something when its last one has ended; the first failure ends all.
    private final class Stages {
        private final ExecutorCompletionService<Boolean> running = new ExecutorCompletionService<>(threads);
        private final List<Callable<Boolean>> started = new ArrayList<>();

        void start(int copies, Work work, Runnable atEnd) {
            AtomicInteger left = new AtomicInteger(copies);
            for (int i = 0; i < copies; i++) {
                Callable<Boolean> task = () -> {
                    work.run();
                    if (left.decrementAndGet() == 0) {
                        atEnd.run();
                    }
                    return true;
                };
                started.add(task);
                running.submit(task);
            }
        }

        void join() throws IOException, InterruptedException {
            for (int i = 0; i < started.size(); i++) {
                try {
                    running.take().get();
                } catch (ExecutionException failed) {
                    threads.shutdownNow();
                    Rethrow.cause(failed);
                }
            }
        }
    }
}
