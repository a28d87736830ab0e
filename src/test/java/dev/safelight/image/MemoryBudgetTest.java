package dev.safelight.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import org.junit.jupiter.api.Test;

class PixelBudgetTest {
    @Test
    void turnsAwayWhoWouldHaveToQueueTooLong() throws InterruptedException {
        PixelBudget budget = new PixelBudget(10_000_000, 0);

        try (PixelBudget.Share _ = budget.take(6_000_000)) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> budget.take(6_000_000))
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
        }
        try (PixelBudget.Share share = budget.take(6_000_000)) {
            assertThat(share).isNotNull();
        }
    }

    @Test
    void letsAPictureThatIsLargerThanTheBudgetRunAlone() throws InterruptedException {
        try (PixelBudget.Share share = new PixelBudget(1_000_000, 0).take(Long.MAX_VALUE)) {
            assertThat(share).isNotNull();
        }
    }
}
