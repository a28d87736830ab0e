package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void turnsAwayWhoeverFindsTheQueueFull() throws Exception {
        Admission admission = new Admission(1, 1, 1_000, LONG);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Admission.Place first = admission.enter(1);
            Future<Admission.Place> second = clients.submit(() -> admission.enter(1));
            await().until(() -> admission.waiting() == 1);

            assertBusy(admission, 1);
            first.close();
            second.get().close();
            admission.enter(1).close();
        }
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void boundsThePixelsOfAllTogetherButLetsOneAloneIn() throws Exception {
        Admission admission = new Admission(4, 4, 100, LONG);
        try (Admission.Place _ = admission.enter(500)) {
            assertBusy(admission, 1);
        }
        try (Admission.Place _ = admission.enter(60)) {
            assertBusy(admission, 41);
            admission.enter(40).close();
        }
    }

    @Test
    void losesPatience() throws Exception {
        Admission admission = new Admission(1, 5, 1_000, Duration.ofMillis(20));
        try (Admission.Place _ = admission.enter(1)) {
            assertBusy(admission, 1);
            assertBusy(admission, 1);
        }
        admission.enter(1_000).close();
    }

    private static void assertBusy(Admission admission, long pixels) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> admission.enter(pixels))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
    }
}
