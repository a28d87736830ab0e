package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void endsAfterAsManyTriesAsItWasGiven() throws InterruptedException {
        Backoff backoff = new Backoff(2);
        int pauses = 0;
        while (!backoff.isOver()) {
            backoff.pause(Duration.ZERO);
            pauses++;
        }

        assertThat(pauses).isEqualTo(2);
        assertThat(Backoff.none().isOver()).isTrue();
    }

    @Test
    void endsSoonerWhereFewerTriesAreWorthIt() throws InterruptedException {
        Backoff backoff = new Backoff(8);
        backoff.pause(null);

        assertThat(backoff.isOver(1)).isTrue();
        assertThat(backoff.isOver(2)).isFalse();
        assertThat(backoff.isOver()).isFalse();
    }

    @Test
    void waitsForNobodyWhoIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> new Backoff(1).pause(Duration.ofDays(999)));
        assertThat(Thread.interrupted()).isFalse();
    }
}
