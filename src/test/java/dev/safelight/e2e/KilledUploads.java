package dev.safelight.e2e;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.UploadOrder;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Clients that upload until their server is gone, and the record of what they were promised.
final class KilledUploads {
    private static final int CLIENTS = 4;
    private static final int MOST_OF_A_CLIENT = 8;
    private static final int BAD_EACH = 4;

    private final byte[] good = Pictures.jpeg(480, 360);
    private final byte[] bad = Arrays.copyOf(good, good.length / 2);
    private final Map<String, Promise> granted = new ConcurrentHashMap<>();
    private final Map<String, Promise> acknowledged = new ConcurrentHashMap<>();
    private final List<Throwable> surprises = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /// What one upload must become, should the store have acknowledged it.
    record Promise(Grant grant, String fileName, boolean isGood) {}

    void start(int round, ApiUser api) {
        for (int client = 0; client < CLIENTS; client++) {
            String name = "round-%02d-client-%d".formatted(round, client);
            threads.add(Thread.ofVirtual().name(name).start(() -> uploadUntilTheEnd(name, api)));
        }
    }

    private void uploadUntilTheEnd(String name, ApiUser api) {
        try {
            for (int number = 0; number < MOST_OF_A_CLIENT; number++) {
                upload("%s-%d.jpg".formatted(name, number), number % BAD_EACH != BAD_EACH - 1, api);
            }
        } catch (UncheckedIOException killed) {
            // The server is gone, as it should.
        } catch (Throwable unexpected) {
            synchronized (surprises) {
                surprises.add(unexpected);
            }
        }
    }

    private void upload(String fileName, boolean isGood, ApiUser api) {
        byte[] picture = isGood ? good : bad;
        Grant grant = api.grant(UploadOrder.jpeg(fileName, picture.length));
        Promise promise = new Promise(grant, fileName, isGood);
        granted.put(grant.assetId(), promise);
        Reply stored = api.sendForm(grant, picture).expect(201);
        if (stored.status() == 201) {
            acknowledged.put(grant.assetId(), promise);
        }
    }

    void awaitThreads() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        threads.clear();
        for (Throwable surprise : surprises) {
            throw new AssertionError("a client was told something else than the end", surprise);
        }
    }

    Collection<Promise> granted() {
        return granted.values();
    }

    Collection<Promise> acknowledged() {
        return acknowledged.values();
    }
}
