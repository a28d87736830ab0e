package dev.safelight.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Exception;

class NamedLocksTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CountDownLatch end = new CountDownLatch(1);

    /// Takes a lock in a thread of its own and keeps it until the end.
    private CompletableFuture<Void> hold(NamedLocks locks, String name) throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(
                () -> {
                    try (NamedLocks.Held lock = locks.exclusive(name)) {
                        taken.countDown();
                        end.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
        assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
        return holder;
    }

    private static void refused(NamedLocks locks, String name) {
        assertThatThrownBy(() -> locks.exclusive(name))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
    }

    @Test
    void keepsThousandsOfNamesApart() throws Exception {
        NamedLocks locks = new NamedLocks(2, Duration.ZERO);
        List<CompletableFuture<Void>> holders = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            holders.add(hold(locks, "upload " + i));
        }

        try (NamedLocks.Held lock = locks.exclusive("another")) {
            refused(locks, "upload 1234");
        }

        end.countDown();
        for (CompletableFuture<Void> holder : holders) {
            holder.get();
        }
        assertThat(locks.isEmpty()).isTrue();
    }

    @Test
    void sendsAwayWhoIsOneTooManyAndServesWhoWaits() throws Exception {
        NamedLocks locks = new NamedLocks(2, LONG);
        CompletableFuture<Void> first = hold(locks, "a");
        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> {
            try (NamedLocks.Held lock = locks.exclusive("a")) {
                return "served";
            }
        });
        await().until(() -> locks.users("a") == 2);

        refused(locks, "a");

        end.countDown();
        first.get();
        assertThat(second.get()).isEqualTo("served");
        assertThat(locks.isEmpty()).isTrue();
    }

    @Test
    void isSharedByManyAndHeldAloneByOne() throws Exception {
        NamedLocks locks = new NamedLocks(Integer.MAX_VALUE, Duration.ZERO);
        try (NamedLocks.Held lock = locks.shared("a")) {
            CompletableFuture<Void> reader =
                    CompletableFuture.runAsync(() -> locks.shared("a").close());
            reader.get();
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(() -> locks.exclusive("a").close());
            assertThatThrownBy(writer::get).isInstanceOf(ExecutionException.class);
        }
        assertThat(locks.isEmpty()).isTrue();
    }
}
