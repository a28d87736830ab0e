package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.AddressRange;
import dev.safelight.asset.Space;
import dev.safelight.delivery.AccessBySpace.Mode;
import dev.safelight.signing.AccessPolicy;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.CloudFrontVerifier;
import dev.safelight.signing.PathPattern;
import dev.safelight.signing.ReferrerHost;
import dev.safelight.store.DirectDownload;
import dev.safelight.testing.RawHttp.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Clients that are sent to the store for the bytes, where the product space is signed and the marketing
/// space public.
class RedirectsTest {
    private static final Instant START = Instant.parse("2026-11-29T08:00:00Z");
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final AccessTokens TOKENS = new AccessTokens(
            List.of(new AccessTokens.Key("k1", "a secret of a test, long enough".getBytes(StandardCharsets.US_ASCII))),
            Duration.ofDays(7));

    private static volatile Instant now = START;

    @AfterEach
    void resetClock() {
        now = START;
    }

    private static AccessGate gate() {
        return new AccessGate(
                new AccessBySpace(Mode.SIGNED, Mode.PRIVATE, Mode.PUBLIC),
                TOKENS,
                new CloudFrontVerifier(Map.of(), List.of()),
                Set.of(),
                () -> now);
    }

    private static String signed(String path) {
        return path + "?access=" + token(path, null, List.of());
    }

    private static String token(String path, @Nullable AddressRange ip, List<ReferrerHost> referrers) {
        return TOKENS.sign(
                new AccessPolicy(List.of(new PathPattern(path)), START.plusSeconds(600), null, ip, referrers, null));
    }

    private static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.fields()).doesNotContainKey("location").containsEntry("cache-control", "no-store");
    }

    /// A store that grants all it is asked for, and says what that was.
    private static DirectDownload store() {
        return (key, type, cacheControl, expires) ->
                Optional.of(URI.create("https://store.example/" + key.key() + "?until=" + expires.getEpochSecond()));
    }

    @Test
    void sendsClientsToTheStoreOnceTheyMaySee() throws Exception {
        try (MediaFixture redirecting = new MediaFixture(gate(), store())) {
            String product = redirecting.publish(Space.PRODUCT, CONTENT);
            assertRefused(redirecting.get(product), 403);
            Answer answer = redirecting.get(signed(product), "Range: bytes=0-1");
            assertThat(answer.status()).isEqualTo(307);
            assertThat(answer.content()).isEmpty();
            assertThat(answer.fields())
                    .containsEntry("cache-control", "private, max-age=15")
                    .containsEntry("access-control-allow-origin", "*");
            assertThat(answer.fields().get("location"))
                    .startsWith("https://store.example/processed/image/")
                    .endsWith("?until=" + START.plusSeconds(30).getEpochSecond());
            now = START.plusSeconds(590);
            assertThat(redirecting.get(signed(product)).fields().get("location"))
                    .endsWith("?until=" + START.plusSeconds(600).getEpochSecond());
            assertThat(redirecting.exchange("HEAD", signed(product)).status()).isEqualTo(200);
            assertThat(redirecting
                            .get(signed(product), "If-None-Match: \"abc123\"")
                            .status())
                    .isEqualTo(304);
            redirecting.withdraw(product);
            assertRefused(redirecting.get(signed(product)), 404);
        }
    }

    @Test
    void redirectsWhatDoesNotFitIntoMemoryAlone() throws Exception {
        try (MediaFixture redirecting = new MediaFixture(gate(), store())) {
            String small = redirecting.publish(Space.MARKETING, CONTENT);
            String large = redirecting.publish(Space.MARKETING, new byte[MediaFixture.LARGEST + 1]);
            String user = redirecting.publish(Space.USER, CONTENT);
            assertThat(redirecting.get(small).status()).isEqualTo(200);
            assertThat(redirecting.get(large).status()).isEqualTo(307);
            Answer keyed = redirecting.get(user, "Authorization: Bearer viewer");
            assertThat(keyed.status()).isEqualTo(307);
            assertThat(keyed.fields()).containsEntry("cache-control", "private, no-store");
        }
    }

    /// An address of the store holds for whoever has it.
    @Test
    void bytesComeFromHereForThoseWhoMayReadFromOnePlaceAlone() throws Exception {
        try (MediaFixture redirecting = new MediaFixture(gate(), store())) {
            String path = redirecting.publish(Space.PRODUCT, CONTENT);
            String here = token(path, AddressRange.parse("127.0.0.0/8").orElseThrow(), List.of());
            String page = token(path, null, List.of(new ReferrerHost("shop.example.com")));
            for (Answer answer : List.of(
                    redirecting.get(path + "?access=" + here),
                    redirecting.get(path, "Cookie: Safelight-Access=" + here),
                    redirecting.get(path + "?access=" + page, "Referer: https://shop.example.com/a"))) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.content()).isEqualTo(CONTENT);
                assertThat(answer.fields()).doesNotContainKey("location");
            }
            Answer range = redirecting.get(path + "?access=" + here, "Range: bytes=2-3");
            assertThat(range.status()).isEqualTo(206);
            assertThat(range.content()).isEqualTo("23".getBytes(StandardCharsets.US_ASCII));
            assertThat(redirecting
                            .get(path + "?access=" + token(path, null, List.of()))
                            .status())
                    .isEqualTo(307);
        }
    }

    @Test
    void bytesComeFromHereWhereTheStoreGrantsNothing() throws Exception {
        try (MediaFixture redirecting = new MediaFixture(gate(), (key, type, cache, expires) -> Optional.empty())) {
            String path = redirecting.publish(Space.PRODUCT, CONTENT);
            assertThat(redirecting.get(signed(path)).content()).isEqualTo(CONTENT);
        }
    }
}
