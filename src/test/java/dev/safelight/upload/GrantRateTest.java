package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.access.Caller;
import dev.safelight.access.KeyLimits;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.testing.TestServer;
import dev.safelight.web.Problem;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;

/// How many grants a key gets in a minute, and when the next one.
class GrantRateTest {
    private final Seconds time = new Seconds();

    /// Time that passes when it is told to.
    private static final class Seconds implements TimeMeter {
        private long nanos;

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }
    }

    private GrantRate rate(int perMinute) {
        var source = new MapConfigurationPropertySource(
                Map.of("safelight.upload.grants-per-minute", String.valueOf(perMinute)));
        return new GrantRate(new Binder(source).bindOrCreate("safelight.upload", UploadSettings.class), time);
    }

    private static Caller key(@Nullable Integer perMinute) {
        return new Caller(
                UUID.randomUUID(),
                "key",
                Set.of(Role.UPLOADER),
                new KeyLimits(null, null, null, null, null, null, perMinute));
    }

    private static Duration refused(GrantRate rate, Caller key) {
        Failure[] refusal = new Failure[1];
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> rate.take(key))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.BUSY);
                    assertThat(failure.reason()).isEqualTo(Reason.LIMIT_REACHED);
                    refusal[0] = failure;
                });
        return Objects.requireNonNull(refusal[0].retryAfter());
    }

    @Test
    void refillsEvenlyAndSaysWhen() {
        GrantRate rate = rate(3);
        Caller key = key(null);
        for (int i = 0; i < 3; i++) {
            rate.take(key);
        }

        assertThat(refused(rate, key)).isEqualTo(Duration.ofSeconds(20));
        time.pass(Duration.ofMillis(19_500));
        assertThat(refused(rate, key)).isEqualTo(Duration.ofMillis(500));
        time.pass(Duration.ofMillis(500));
        rate.take(key);
        refused(rate, key);
    }

    @Test
    void doesNotCountWhatBroughtNoGrant() {
        GrantRate rate = rate(2);
        Caller key = key(null);
        for (int i = 0; i < 10; i++) {
            rate.take(key);
            rate.giveBack(key);
        }
        rate.take(key);
        rate.take(key);

        refused(rate, key);
    }

    @Test
    void takesTheSmallerOfBothLimitsAndEachKeyForItself() {
        GrantRate rate = rate(2);
        Caller strict = key(1);
        Caller generous = key(100);
        rate.take(strict);
        rate.take(generous);
        rate.take(generous);

        assertThat(refused(rate, strict)).isEqualTo(Duration.ofMinutes(1));
        assertThat(refused(rate, generous)).isEqualTo(Duration.ofSeconds(30));
        rate.take(key(null));
    }

    @Test
    void roundsTheWaitUpToWholeSeconds() {
        assertThat(seconds(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(seconds(Duration.ofSeconds(7))).isEqualTo(7);
        assertThat(seconds(Duration.ofMillis(7001))).isEqualTo(8);
    }

    private static @Nullable Long seconds(Duration wait) {
        return Problem.of(Failure.busyFor(wait, Reason.LIMIT_REACHED, "Later.")).retryAfter();
    }

    @Test
    void tellsTheWaitInHeaderAndProblemAndInTheEntriesOfABatch() throws Exception {
        TestServer server = TestServer.shared();
        String token = TestServer.json(server.post(
                        "/v1/keys", "{\"name\":\"slow\",\"roles\":[\"uploader\"],\"limits\":{\"grantsPerMinute\":1}}"))
                .path("token")
                .asString();
        String order = "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10}";

        JsonNode entries = TestServer.json(
                        server.post("/v1/uploads/batch", "{\"uploads\":[%s,%s]}".formatted(order, order), token))
                .path("uploads");
        var alone = server.post("/v1/uploads", order, token);

        assertThat(entries.get(0).has("upload")).isTrue();
        assertThat(entries.get(1).path("problem").path("status").asInt()).isEqualTo(429);
        // Nobody knows how long the test takes, but a token of one in a minute is not there in two seconds.
        assertThat(entries.get(1).path("problem").path("retryAfter").asInt()).isBetween(3, 60);
        assertThat(alone.statusCode()).isEqualTo(429);
        assertThat(alone.headers().firstValue("Retry-After"))
                .contains(TestServer.json(alone).path("retryAfter").asString());
    }
}
