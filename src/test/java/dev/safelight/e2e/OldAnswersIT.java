package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.PlainOrigin;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.RawHttp.Answer;
import dev.safelight.testing.Shield;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What shields make of answers that are old: shown as long as they allow while the origin fails, and no
/// longer than it says that there is something to show.
///
/// The origin is an own one, which answers as Safelight does.
@Tag("edge")
class OldAnswersIT {
    private static final String PATH = "/images/picture?width=96";
    private static final Duration SOON = Duration.ofSeconds(8);

    @TempDir
    Path folder = Path.of("");

    private final PlainOrigin origin = new PlainOrigin();

    enum Kind {
        NGINX,
        VARNISH;

        Shield start(Path folder, int origin) {
            return this == NGINX ? Shield.nginx(folder, origin) : Shield.varnish(folder, origin);
        }
    }

    @AfterEach
    void stop() {
        origin.close();
    }

    private static String staleFor(int seconds) {
        return "public, max-age=1, stale-while-revalidate=%1$d, stale-if-error=%1$d".formatted(seconds);
    }

    private static Answer get(Shield shield) throws IOException {
        return RawHttp.exchange(shield.port(), "GET", PATH);
    }

    /// In the cache, and old.
    private void warm(Shield shield) throws Exception {
        await().atMost(SOON).until(() -> get(shield).status() == 200);
        await().atMost(SOON)
                .until(() -> get(shield).fields().getOrDefault("x-cache", "").equals("HIT"));
        origin.asked().set(0);
    }

    private static void assertShownFor(Shield shield, Duration least, Duration most) {
        await().during(least)
                .atMost(least.plusMillis(500))
                .until(() -> get(shield).status() == 200);
        await().atMost(most).until(() -> get(shield).status() >= 500);
    }

    @ParameterizedTest
    @EnumSource
    void showsWhatIsOldWhileTheOriginFailsForAsLongAsTheAnswerAllows(Kind kind) throws Exception {
        origin.allow(staleFor(5));
        try (Shield shield = kind.start(folder, origin.port())) {
            warm(shield);
            origin.answer(503);

            assertShownFor(shield, Duration.ofMillis(4_500), Duration.ofSeconds(5));

            assertThat(origin.asked()).as("requests to the origin meanwhile").hasPositiveValue();
            origin.answer(200);
            await().atMost(SOON).until(() -> get(shield).status() == 200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void showsWhatIsOldWhileTheOriginIsOutOfReach(Kind kind) throws Exception {
        origin.allow(staleFor(5));
        try (Shield shield = kind.start(folder, origin.port())) {
            warm(shield);
            origin.leave();

            assertShownFor(shield, Duration.ofMillis(4_500), Duration.ofSeconds(5));

            origin.comeBack();
            await().atMost(Duration.ofSeconds(20)).until(() -> get(shield).status() == 200);
        }
    }

    /// Older than what Varnish shows while it believes the origin to be well.
    @ParameterizedTest
    @EnumSource
    void asksFirstWhereItIsVeryOldAndShowsItWhenThatFails(Kind kind) throws Exception {
        origin.allow(staleFor(30));
        int port = origin.port();
        try (Shield shield =
                kind == Kind.NGINX ? Shield.nginx(folder, port) : Shield.varnish(folder, port, Duration.ofSeconds(1))) {
            warm(shield);
            origin.answer(503);
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);

            for (int i = 0; i < 5; i++) {
                assertThat(get(shield).status()).isEqualTo(200);
            }

            await().atMost(SOON).until(() -> origin.asked().get() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void showsNothingForLongThatTheOriginSaysIsGone(Kind kind) throws Exception {
        origin.allow(staleFor(600));
        try (Shield shield = kind.start(folder, origin.port())) {
            for (int gone : new int[] {404, 403, 410}) {
                warm(shield);
                origin.answer(gone);
                await().atMost(Duration.ofSeconds(4)).until(() -> get(shield).status() == gone);
                await().during(Duration.ofSeconds(1)).until(() -> get(shield).status() == gone);
                origin.answer(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void showsNothingOldWhereTheAnswerForbidsIt(Kind kind) throws Exception {
        origin.allow("public, max-age=2, must-revalidate");
        try (Shield shield = kind.start(folder, origin.port())) {
            warm(shield);
            origin.answer(503);
            await().atMost(Duration.ofSeconds(4)).until(() -> get(shield).status() >= 500);
            await().during(Duration.ofSeconds(1)).until(() -> get(shield).status() >= 500);
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksOnceForWhatManyWaitFor(Kind kind) throws Exception {
        origin.allow(staleFor(600));
        origin.delay(Duration.ofSeconds(1));
        try (Shield shield = kind.start(folder, origin.port());
                var many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(many.submit(() -> get(shield)));
            }
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
            assertThat(origin.asked()).hasValue(1);
        }
    }
}
