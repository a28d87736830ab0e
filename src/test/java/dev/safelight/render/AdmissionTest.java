package dev.safelight.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import dev.safelight.render.Admission.Pace;
import dev.safelight.render.Admission.Place;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void turnsAwayWhoeverFindsTheQueueFull() throws Exception {
        Admission admission = new Admission(1, 1, 1_000, LONG);
        Place first = admission.enter(1, Pace.QUICK);
        first.start();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                Place second = admission.enter(1, Pace.QUICK)) {
            assertBusy(() -> admission.enter(1, Pace.QUICK));
            Future<?> started = clients.submit(() -> {
                second.start();
                return null;
            });
            first.close();
            started.get();
        }
        assertThat(admission.inside()).isZero();
    }

    @Test
    void boundsThePixelsOfAllTogetherButLetsOneAloneIn() {
        Admission admission = new Admission(4, 4, 100, LONG);
        try (Place _ = admission.enter(500, Pace.QUICK)) {
            assertBusy(() -> admission.enter(1, Pace.QUICK));
        }
        try (Place _ = admission.enter(60, Pace.QUICK)) {
            assertBusy(() -> admission.enter(41, Pace.QUICK));
            admission.enter(40, Pace.QUICK).close();
        }
        assertThat(admission.inside()).isZero();
    }

    @Test
    void losesPatience() throws Exception {
        Admission admission = new Admission(1, 5, 1_000, Duration.ofMillis(20));
        try (Place running = admission.enter(1, Pace.QUICK)) {
            running.start();
            try (Place waiting = admission.enter(1, Pace.QUICK)) {
                assertBusy(waiting::start);
            }
        }
        try (Place next = admission.enter(1_000, Pace.QUICK)) {
            next.start();
        }
        assertThat(admission.inside()).isZero();
    }

    @Test
    void keepsPlacesFreeOfWhatIsSlow() throws Exception {
        Admission admission = new Admission(2, 5, 1_000, Duration.ofMillis(20));
        try (Place slow = admission.enter(1, Pace.SLOW);
                Place alsoSlow = admission.enter(1, Pace.SLOW);
                Place quick = admission.enter(1, Pace.QUICK)) {
            slow.start();
            assertBusy(alsoSlow::start);
            quick.start();
        }
        try (Place slow = admission.enter(1, Pace.SLOW)) {
            slow.start();
        }
    }

    private static void assertBusy(ThrowingCallable call) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY));
    }
}
