package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    @Test
    void turnsAwayWhoWouldHaveToQueueTooLong() throws InterruptedException {
        MemoryBudget budget = new MemoryBudget(10_000_000, 0);

        try (MemoryBudget.Share _ = budget.take(6_000_000)) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> budget.take(6_000_000))
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
        }
        try (MemoryBudget.Share share = budget.take(6_000_000)) {
            assertThat(share).isNotNull();
        }
    }

    @Test
    void letsAPictureThatIsLargerThanTheBudgetRunAlone() throws InterruptedException {
        try (MemoryBudget.Share share = new MemoryBudget(1_000_000, 0).take(Long.MAX_VALUE)) {
            assertThat(share).isNotNull();
        }
    }

    @Test
    void letsALargePictureHaveItsTurnBeforeSmallOnesThatCameLater() throws Exception {
        MemoryBudget budget = new MemoryBudget(10_000_000, 10);
        List<String> order = new CopyOnWriteArrayList<>();
        Thread large;
        Thread small;
        try (MemoryBudget.Share _ = budget.take(5_000_000)) {
            large = Thread.startVirtualThread(() -> use(budget, 10_000_000, "large", order));
            await().until(() -> large.getState() == Thread.State.WAITING);
            small = Thread.startVirtualThread(() -> use(budget, 1_000_000, "small", order));
            await().until(() -> small.getState() == Thread.State.WAITING);
        }
        large.join();
        small.join();

        assertThat(order).containsExactly("large", "small");
    }

    private static void use(MemoryBudget budget, long bytes, String name, List<String> order) {
        try (MemoryBudget.Share _ = budget.take(bytes)) {
            order.add(name);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
