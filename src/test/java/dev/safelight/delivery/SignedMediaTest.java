package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.AddressRange;
import dev.safelight.asset.Space;
import dev.safelight.delivery.AccessBySpace.Mode;
import dev.safelight.signing.AccessPolicy;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.CloudFrontHash;
import dev.safelight.signing.CloudFrontParameters;
import dev.safelight.signing.CloudFrontPolicy;
import dev.safelight.signing.CloudFrontSigner;
import dev.safelight.signing.CloudFrontVerifier;
import dev.safelight.signing.PathPattern;
import dev.safelight.signing.ReferrerHost;
import dev.safelight.testing.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads where the product space is signed, the user space private and the marketing space public.
class SignedMediaTest {
    private static final String BASE = "https://media.example.com";
    private static final String PLAYER = "https://player.example.com";
    private static final Instant START = Instant.parse("2026-11-29T08:00:00Z");
    private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final AccessTokens TOKENS = new AccessTokens(
            List.of(new AccessTokens.Key("k1", "a secret of a test, long enough".getBytes(StandardCharsets.US_ASCII))),
            Duration.ofDays(7));

    private static volatile Instant now = START;
    private static CloudFrontSigner cloudFront;
    private static CloudFrontVerifier verifier;
    private static MediaFixture media;

    @BeforeAll
    static void start() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        cloudFront = new CloudFrontSigner(BASE, "K1", pair.getPrivate(), CloudFrontHash.SHA256);
        verifier = new CloudFrontVerifier(Map.of("K1", pair.getPublic()), List.of(BASE));
        media = new MediaFixture(gate(), null);
    }

    private static AccessGate gate() {
        InstantSource clock = () -> now;
        return new AccessGate(
                new AccessBySpace(Mode.SIGNED, Mode.PRIVATE, Mode.PUBLIC), TOKENS, verifier, Set.of(PLAYER), clock);
    }

    @AfterAll
    static void stop() throws Exception {
        media.close();
    }

    @AfterEach
    void resetClock() {
        now = START;
    }

    private static String token(String path, @Nullable Space space) {
        return TOKENS.sign(
                new AccessPolicy(List.of(new PathPattern(path)), START.plusSeconds(600), null, null, List.of(), space));
    }

    private static String signed(String path) {
        return path + "?access=" + token(path, null);
    }

    private static String missing() {
        return "/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/v1/medium-800w.webp";
    }

    private static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.fields())
                .containsEntry("content-type", "application/problem+json")
                .containsEntry("cache-control", "no-store");
    }

    @Test
    void whatIsPublicStaysFastAndAsksForNothing() throws Exception {
        String path = media.publish(Space.MARKETING, CONTENT);
        for (String query : List.of("", "?access=nonsense", "?Expires=1&Signature=x&Key-Pair-Id=y")) {
            Answer answer = media.get(path + query, "Cookie: Safelight-Access=nonsense");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields())
                    .containsEntry("cache-control", "public, max-age=31536000, immutable")
                    .doesNotContainKey("vary");
        }
        assertThat(media.memory.trusted(path)).isNotNull();
        int lookups = media.lookups.get();
        media.get(path);
        assertThat(media.lookups.get()).isEqualTo(lookups);
    }

    @Test
    void whatIsSignedTakesASignature() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        assertRefused(media.get(path), 403);
        Answer answer = media.get(signed(path));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.content()).isEqualTo(CONTENT);
        assertThat(answer.fields())
                .containsEntry("cache-control", "private, max-age=600")
                .containsEntry("cross-origin-resource-policy", "cross-origin")
                .containsEntry("access-control-allow-origin", "*")
                .doesNotContainKeys("vary", "access-control-allow-credentials");
        assertThat(media.memory.trusted(path)).isNull();
        assertRefused(media.get(path), 403);
        assertThat(media.exchange("HEAD", signed(path)).status()).isEqualTo(200);
    }

    @Test
    void refusalsTellNothingOfWhatIsThere() throws Exception {
        String product = media.publish(Space.PRODUCT, CONTENT);
        String user = media.publish(Space.USER, CONTENT);
        String withdrawn = media.publish(Space.MARKETING, CONTENT);
        media.withdraw(withdrawn);
        Answer first = media.get(missing());
        assertRefused(first, 403);
        assertThat(first.text()).contains("access=", "Safelight-Access", "CloudFront", "API key", "docs/access.md");
        for (String path : List.of(product, user, withdrawn, "/media/nonsense")) {
            Answer other = media.get(path);
            assertThat(other.text()).isEqualTo(first.text());
            assertThat(other.ownFields()).isEqualTo(first.ownFields());
        }
        String wrong = "?access=" + token("/media/elsewhere", null);
        Answer signed = media.get(missing() + wrong);
        assertRefused(signed, 403);
        assertThat(signed.text()).contains("another path");
        assertThat(media.get(product + wrong).text()).isEqualTo(signed.text());
        assertThat(media.get(user + wrong).text()).isEqualTo(signed.text());

        String everywhere = "?access=" + token("/*", null);
        Answer absent = media.get(missing() + everywhere);
        assertRefused(absent, 404);
        assertThat(media.get(user + everywhere).text()).isEqualTo(absent.text());
        assertThat(media.get(withdrawn + everywhere).text()).isEqualTo(absent.text());
    }

    @Test
    void aKeyIsAsGoodAsASignature() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        Answer answer = media.get(path, "Authorization: Bearer viewer");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields()).containsEntry("cache-control", "private, no-store");
        assertRefused(media.get(path, "Authorization: Bearer stranger"), 404);
        assertRefused(media.get(path, "Authorization: Bearer nobody"), 403);
        assertThat(media.get(path + "?access=nonsense", "Authorization: Bearer viewer")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theEndOfASignatureIsTheEndOfWhatIsKept() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        String url = signed(path);
        now = START.plusSeconds(590);
        Answer answer = media.get(url);
        assertThat(answer.fields()).containsEntry("cache-control", "private, max-age=10");
        Answer known = media.get(url, "If-None-Match: " + answer.fields().get("etag"));
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.fields()).containsEntry("cache-control", "private, max-age=10");
        now = START.plusSeconds(599).plusMillis(999);
        assertThat(media.get(url).fields()).containsEntry("cache-control", "private, max-age=0");
        now = START.plusSeconds(600);
        Answer late = media.get(url, "If-None-Match: " + answer.fields().get("etag"));
        assertRefused(late, 403);
        assertThat(late.text()).contains("expired");
    }

    @Test
    void whatIsWithdrawnIsGoneForAllSignatures() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        String url = signed(path);
        Answer before = media.get(url);
        assertThat(before.status()).isEqualTo(200);
        media.withdraw(path);
        assertRefused(media.get(url), 404);
        assertRefused(media.get(url, "If-None-Match: " + before.fields().get("etag")), 404);
        assertRefused(media.get(path, "Cookie: Safelight-Access=" + token("/media/", null)), 404);
    }

    @Test
    void privateSpacesTakeSignaturesThatNameThem() throws Exception {
        String path = media.publish(Space.USER, CONTENT);
        assertRefused(media.get(signed(path)), 404);
        Answer answer = media.get(path + "?access=" + token(path, Space.USER));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields()).containsEntry("cache-control", "private, no-store");
        String product = media.publish(Space.PRODUCT, CONTENT);
        assertRefused(media.get(product + "?access=" + token(product, Space.USER)), 404);
        assertRefused(media.get(path + "?" + query(sign(BASE + "/media/*", START))), 404);
    }

    @Test
    void withoutSignedSpacesAllStaysAsItWas() throws Exception {
        try (MediaFixture standard = new MediaFixture()) {
            String user = standard.publish(Space.USER, CONTENT);
            Answer answer = standard.get(user);
            assertRefused(answer, 404);
            assertThat(standard.get(missing()).text()).isEqualTo(answer.text());
            assertThat(standard.get(user, "Authorization: Bearer viewer").status())
                    .isEqualTo(200);
        }
    }

    private static CloudFrontParameters sign(String resource, @Nullable Instant notBefore) {
        return cloudFront.sign(new CloudFrontPolicy(resource, START.plusSeconds(300), notBefore, null));
    }

    private static String query(CloudFrontParameters parameters) {
        return parameters.byName().entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("&"));
    }

    private static String cookies(CloudFrontParameters parameters) {
        return "Cookie: "
                + parameters.byName().entrySet().stream()
                        .map(one -> "CloudFront-" + one.getKey() + "=" + one.getValue())
                        .collect(Collectors.joining("; "));
    }

    @Test
    void takesCloudFrontsUrls() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        Answer canned = media.get(path + "?" + query(sign(BASE + path, null)));
        assertThat(canned.status()).isEqualTo(200);
        assertThat(canned.fields()).containsEntry("cache-control", "private, max-age=300");
        String custom = query(sign(BASE + "/media/*", START));
        assertThat(media.get(path + "?" + custom).status()).isEqualTo(200);
        assertThat(media.get(path + "?size=large&" + custom.replace("~", "%7E")).status())
                .isEqualTo(200);
        assertThat(media.get(path + "?size=large&" + query(sign(BASE + path + "?size=large", null)))
                        .status())
                .isEqualTo(200);
        assertRefused(media.get(path + "?size=small&" + query(sign(BASE + path + "?size=large", null))), 403);
        assertRefused(media.get(path + "?" + query(sign("https://other.example.com" + path, null))), 403);
        // What the client says is the host counts for nothing.
        assertRefused(media.get(path + "?" + query(sign("http://localhost" + path, null))), 403);
        assertRefused(media.get(path + "?Expires=1"), 403);
    }

    @Test
    void takesCookiesOfBothFormats() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        String own = "Cookie: Safelight-Access=" + token("/media/", null);
        Answer answer = media.get(path, own);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields())
                .containsEntry("cache-control", "private, max-age=600")
                .containsEntry("vary", "Cookie, Origin");
        String elsewhere = token("/media/elsewhere", null);
        assertThat(media.get(
                                path,
                                "Cookie: a=b; Safelight-Access=" + elsewhere + "; Safelight-Access="
                                        + token("/media/", null))
                        .status())
                .isEqualTo(200);
        assertRefused(media.get(path, "Cookie: Safelight-Access=" + elsewhere), 403);
        assertRefused(
                media.get(
                        path,
                        "Cookie: " + ("Safelight-Access=" + elsewhere + "; ").repeat(8) + "Safelight-Access="
                                + token("/media/", null)),
                403);

        assertThat(media.get(path, cookies(sign(BASE + "/media/*", START))).status())
                .isEqualTo(200);
        assertThat(media.get(path, cookies(sign(BASE + path, null))).status()).isEqualTo(200);
        assertRefused(media.get(path, cookies(sign(BASE + "/images/*", START))), 403);
        assertRefused(
                media.get(path, cookies(sign(BASE + "/media/*", START)).replace("CloudFront-Policy", "CloudFront-P")),
                403);
    }

    @Test
    void aSignatureInTheAddressCountsAlone() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        String own = "Cookie: Safelight-Access=" + token("/media/", null);
        assertRefused(media.get(path + "?access=nonsense", own), 403);
        assertRefused(media.get(path + "?Expires=5", own), 403);
        String token = token(path, null);
        Answer twice = media.get(path + "?access=" + token + "&access=" + token);
        assertRefused(twice, 403);
        assertThat(twice.text()).contains("twice");
    }

    @Test
    void playersOfKnownOriginsMayReadWhatCookiesGiveThem() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        String own = "Cookie: Safelight-Access=" + token("/media/", null);
        assertThat(media.get(path, own, "Origin: " + PLAYER).fields())
                .containsEntry("access-control-allow-origin", PLAYER)
                .containsEntry("access-control-allow-credentials", "true")
                .containsEntry("vary", "Cookie, Origin");
        assertThat(media.get(path, own, "Origin: https://evil.example").fields())
                .containsEntry("access-control-allow-origin", "*")
                .doesNotContainKey("access-control-allow-credentials");
        assertThat(media.get(signed(path), "Origin: " + PLAYER).fields())
                .containsEntry("access-control-allow-origin", "*");
        assertThat(media.exchange("OPTIONS", path, "Origin: " + PLAYER, "Access-Control-Request-Method: GET")
                        .fields())
                .containsEntry("access-control-allow-origin", PLAYER)
                .containsEntry("access-control-allow-credentials", "true");
    }

    @Test
    void holdsClientsAndPagesAgainstThePolicy() throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        String here = policy(path, "127.0.0.0/8", List.of());
        String there = policy(path, "192.0.2.0/24", List.of());
        assertThat(media.get(path + "?access=" + here).status()).isEqualTo(200);
        assertRefused(media.get(path + "?access=" + there), 403);
        assertRefused(media.get(path + "?access=" + there, "X-Forwarded-For: 192.0.2.7"), 403);
        String pages = policy(path, null, List.of(new ReferrerHost("shop.example.com")));
        assertThat(media.get(path + "?access=" + pages, "Referer: https://shop.example.com/a")
                        .status())
                .isEqualTo(200);
        assertRefused(media.get(path + "?access=" + pages, "Referer: https://evil.example/"), 403);
        assertRefused(media.get(path + "?access=" + pages), 403);
    }

    private static String policy(String path, @Nullable String ip, List<ReferrerHost> referrers) {
        return TOKENS.sign(new AccessPolicy(
                List.of(new PathPattern(path)),
                START.plusSeconds(600),
                null,
                ip == null ? null : AddressRange.parse(ip).orElseThrow(),
                referrers,
                null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access=",
                "access",
                "access=%00",
                "access=a.b.c",
                "access=k1..",
                "access=k1.%F0%9F%98%80.x",
                "Policy=&Signature=&Key-Pair-Id=",
                "Expires=99999999999999999999&Signature=AAAA&Key-Pair-Id=K1",
                "Policy=e30_&Signature=AAAA&Key-Pair-Id=K1&Hash-Algorithm=SHA256",
                "Policy=e30_&Signature=AAAA&Key-Pair-Id=%2E%2E&Hash-Algorithm=",
                "access=k1.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void malformedSignaturesAreRefused(String query) throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        assertRefused(media.get(path + "?" + query), 403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";;;",
                "=",
                "Safelight-Access",
                "Safelight-Access=",
                "Safelight-Access=\"",
                "Safelight-Access=\"a\\\"",
                "Safelight-Access=a b c",
                "Safelight-Access=\u00e9\u00ff",
                "a=b, Safelight-Access=c",
                "$Version=1; Safelight-Access=x; $Path=/",
                "CloudFront-Policy=\"{}\"; CloudFront-Signature=,; CloudFront-Key-Pair-Id=@",
                "CloudFront-Expires=; CloudFront-Signature=; CloudFront-Key-Pair-Id=",
            })
    void malformedCookiesAreRefused(String cookie) throws Exception {
        String path = media.publish(Space.PRODUCT, CONTENT);
        assertRefused(media.get(path, "Cookie: " + cookie), 403);
        assertThat(media.get(signed(path), "Cookie: " + cookie).status()).isEqualTo(200);
    }
}
