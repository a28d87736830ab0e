package dev.safelight.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AddressRange;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {
    private static final byte[] OLD_SECRET =
            HexFormat.of().parseHex("00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef");
    private static final byte[] SECRET =
            HexFormat.of().parseHex("943b421c9eb07c830af81030552c86009268de4e532ba2ee2eab8247c6da0881");
    private static final AccessTokens.Key OLD = new AccessTokens.Key("k1", OLD_SECRET);
    private static final AccessTokens.Key NEW = new AccessTokens.Key("k2", SECRET);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final AccessTokens TOKENS = new AccessTokens(List.of(NEW, OLD), WEEK);
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
    private static final String PATH = "/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/v1/medium-800w.webp";
    private static final String FOLDER = "/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/";

    private static AccessPolicy policy(String... paths) {
        return new AccessPolicy(
                List.of(paths).stream().map(PathPattern::new).toList(),
                NOW.plusSeconds(3600),
                null,
                null,
                List.of(),
                null);
    }

    private static Visit visit(String path) {
        return new Visit(path, null, NOW, InetAddress.ofLiteral("192.0.2.7"), null);
    }

    private static Visit at(Instant now) {
        return new Visit(PATH, null, now, null, null);
    }

    private static void assertRefused(Verdict verdict, String reason) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        assertThat(((Verdict.Refused) verdict).reason()).contains(reason);
    }

    /// The token as anybody would make it who read the documentation.
    private static String byHand(String id, byte[] secret, String policy) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] signature = mac.doFinal(("safelight-access-1\n" + id + "\n" + policy).getBytes(StandardCharsets.UTF_8));
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return id + "." + base64.encodeToString(policy.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(signature);
    }

    @Test
    void signsAsDocumented() throws Exception {
        AccessPolicy full = new AccessPolicy(
                List.of(new PathPattern(FOLDER), new PathPattern("/images/a*")),
                Instant.ofEpochSecond(1_795_942_800),
                Instant.ofEpochSecond(1_795_939_200),
                AddressRange.parse("192.0.2.0/24").orElseThrow(),
                List.of(new ReferrerHost("shop.example.com"), new ReferrerHost("*.example.org")),
                Space.USER);
        String text = """
                path:%s
                path:/images/a*
                expires:1795942800
                not-before:1795939200
                ip:192.0.2.0/24
                referrer:shop.example.com
                referrer:*.example.org
                space:user""".formatted(FOLDER);
        assertThat(TOKENS.sign(full)).isEqualTo(byHand("k2", SECRET, text));
        assertThat(AccessPolicy.parse(text)).isEqualTo(full);
    }

    /// The signature was computed with openssl, so that no change of the format goes unnoticed.
    @Test
    void signsTheSameForEver() {
        AccessTokens old = new AccessTokens(List.of(OLD), WEEK);
        AccessPolicy policy = new AccessPolicy(
                List.of(new PathPattern("/media/")), Instant.ofEpochSecond(1_800_000_000), null, null, List.of(), null);
        assertThat(old.sign(policy))
                .isEqualTo("k1.cGF0aDovbWVkaWEvCmV4cGlyZXM6MTgwMDAwMDAwMA."
                        + "Wtbl4_TWScpGq7wrYpzEdETNjyrbB558LL1Qa0PsEZ0");
    }

    @Test
    void grantsWhatThePolicyCoversUntilItExpires() {
        String token = TOKENS.sign(policy(FOLDER, "/images/a*"));
        Instant end = NOW.plusSeconds(3600);
        assertThat(TOKENS.verify(token, visit(PATH))).isEqualTo(new Verdict.Granted(end, null, false));
        assertThat(TOKENS.verify(token, visit("/images/a.webp"))).isEqualTo(new Verdict.Granted(end, null, false));
        assertRefused(TOKENS.verify(token, visit("/images/b")), "another path");
        assertRefused(TOKENS.verify(token, visit("/media/image/")), "another path");
    }

    @ParameterizedTest
    @CsvSource({"0, true", "3599, true", "3600, false", "3601, false", "-100, true"})
    void expiresToTheSecond(long seconds, boolean granted) {
        String token = TOKENS.sign(policy(FOLDER));
        Verdict verdict = TOKENS.verify(token, at(NOW.plusSeconds(seconds)));
        assertThat(verdict instanceof Verdict.Granted).isEqualTo(granted);
        assertThat(TOKENS.verify(token, at(NOW.plusSeconds(3599).plusMillis(999))))
                .isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void beginsToTheSecond() {
        AccessPolicy later = new AccessPolicy(
                List.of(new PathPattern(FOLDER)), NOW.plusSeconds(60), NOW.plusSeconds(10), null, List.of(), null);
        String token = TOKENS.sign(later);
        assertRefused(TOKENS.verify(token, at(NOW.plusSeconds(10).minusMillis(1))), "not hold yet");
        assertThat(TOKENS.verify(token, at(NOW.plusSeconds(10)))).isInstanceOf(Verdict.Granted.class);
        assertThatThrownBy(() -> new AccessPolicy(later.paths(), NOW, NOW, null, List.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void holdsNoLongerThanSignaturesMay() {
        AccessPolicy tooLong = new AccessPolicy(
                List.of(new PathPattern(FOLDER)), NOW.plus(WEEK).plusSeconds(61), null, null, List.of(), null);
        String token = TOKENS.sign(tooLong);
        assertRefused(TOKENS.verify(token, at(NOW)), "longer than signatures may");
        assertThat(TOKENS.verify(token, at(NOW.plusSeconds(60)))).isInstanceOf(Verdict.Granted.class);
    }

    @Test
    void doesNotSignWhatWouldBeRefusedForItsLength() {
        List<ReferrerHost> referrers = IntStream.range(0, 10)
                .mapToObj(number -> new ReferrerHost(number + ("." + "x".repeat(60)).repeat(4)))
                .toList();
        AccessPolicy long_ = new AccessPolicy(
                IntStream.range(0, 6)
                        .mapToObj(number -> new PathPattern(FOLDER + number + "x".repeat(200)))
                        .toList(),
                NOW.plusSeconds(60),
                null,
                null,
                referrers,
                null);
        assertThatThrownBy(() -> TOKENS.sign(long_))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("more room than an address has");
    }

    @Test
    void keysCanBeExchangedWithoutBreakingWhatWasHandedOut() {
        AccessTokens before = new AccessTokens(List.of(OLD), WEEK);
        AccessTokens after = new AccessTokens(List.of(NEW), WEEK);
        String old = before.sign(policy(FOLDER));
        String current = TOKENS.sign(policy(FOLDER));
        assertThat(current).startsWith("k2.");
        assertThat(TOKENS.verify(old, visit(PATH))).isInstanceOf(Verdict.Granted.class);
        assertThat(after.verify(current, visit(PATH))).isInstanceOf(Verdict.Granted.class);
        assertRefused(after.verify(old, visit(PATH)), "key is not known");
        assertRefused(before.verify(current, visit(PATH)), "key is not known");
    }

    @Test
    void aKeyVouchesForItsOwnNameOnly() throws Exception {
        String text = policy(FOLDER).text();
        assertRefused(TOKENS.verify(byHand("k1", SECRET, text), visit(PATH)), "wrong");
        String renamed = byHand("k1", OLD_SECRET, text).replaceFirst("^k1", "k2");
        assertRefused(TOKENS.verify(renamed, visit(PATH)), "wrong");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, true", "192.0.2.255, true", "192.0.3.1, false", "2001:db8::1, false", ", false"})
    void isForTheClientsThatItNames(@Nullable String client, boolean granted) {
        String token = TOKENS.sign(new AccessPolicy(
                List.of(new PathPattern(FOLDER)),
                NOW.plusSeconds(60),
                null,
                AddressRange.parse("192.0.2.0/24").orElseThrow(),
                List.of(),
                null));
        InetAddress address = client == null ? null : InetAddress.ofLiteral(client);
        Verdict verdict = TOKENS.verify(token, new Visit(PATH, null, NOW, address, null));
        assertThat(verdict instanceof Verdict.Granted).isEqualTo(granted);
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example.com/a?b, true",
        "https://SHOP.example.com, true",
        "http://shop.example.com:8080/, true",
        "https://www.example.org/, true",
        "https://a.b.example.org/, true",
        "https://example.org/, false",
        "https://shop.example.com.evil.net/, false",
        "https://evilexample.org/, false",
        "https://shop.example.com@evil.net/, false",
        "https://evil.net/?https://shop.example.com/, false",
        "ftp://shop.example.com/, false",
        "shop.example.com, false",
        ", false"
    })
    void isForThePagesThatItNames(@Nullable String header, boolean granted) {
        String token = TOKENS.sign(new AccessPolicy(
                List.of(new PathPattern(FOLDER)),
                NOW.plusSeconds(60),
                null,
                null,
                List.of(new ReferrerHost("shop.example.com"), new ReferrerHost("*.example.org")),
                null));
        Visit visit = new Visit(PATH, null, NOW, null, ReferrerHost.in(header).orElse(null));
        assertThat(TOKENS.verify(token, visit) instanceof Verdict.Granted).isEqualTo(granted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SHOP.example.com", "*", "*.", "shop.example.com/a", "https://shop.example.com", "a b"})
    void referrersAreHosts(String text) {
        assertThatThrownBy(() -> new ReferrerHost(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Every character of a token and every other one that could stand in its place.
    @Property(tries = 3000)
    void noCharacterCanBeChanged(@ForAll @IntRange(max = 100_000) int place, @ForAll char other) {
        String token = TOKENS.sign(new AccessPolicy(
                List.of(new PathPattern(FOLDER)),
                NOW.plusSeconds(60),
                NOW.minusSeconds(60),
                AddressRange.parse("192.0.2.7").orElseThrow(),
                List.of(),
                Space.USER));
        int at = place % token.length();
        char with = place % 3 == 0 ? other : "ABCDwxyz0189-_.".charAt(other % 15);
        if (token.charAt(at) == with) {
            return;
        }
        String changed = token.substring(0, at) + with + token.substring(at + 1);
        assertThat(TOKENS.verify(token, visit(PATH))).isInstanceOf(Verdict.Granted.class);
        assertThat(TOKENS.verify(changed, visit(PATH))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void nothingCanBeCutOffOrAdded() {
        String token = TOKENS.sign(policy(FOLDER));
        List<String> changed =
                new ArrayList<>(List.of(token + "A", token + "=", "A" + token, token + " ", " " + token));
        for (int end = 0; end < token.length(); end++) {
            changed.add(token.substring(0, end));
            changed.add(token.substring(0, end) + token.substring(end + 1));
        }
        for (String text : changed) {
            assertThat(TOKENS.verify(text, visit(PATH))).as(text).isInstanceOf(Verdict.Refused.class);
        }
    }

    /// The last character of a signature has bits that decoders ignore.
    @Test
    void aSignatureHasOneSpelling() {
        String token = TOKENS.sign(policy(FOLDER));
        String front = token.substring(0, token.length() - 1);
        long good = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                .chars()
                .filter(c -> TOKENS.verify(front + (char) c, visit(PATH)) instanceof Verdict.Granted)
                .count();
        assertThat(good).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "path:/a",
                "expires:1795942800",
                "expires:1795942800\npath:/a",
                "path:/a\nexpires:1795942800\nexpires:1795942800",
                "path:/a\nexpires:1795942800\n",
                "path:/a\nexpires:0",
                "path:/a\nexpires:-5",
                "path:/a\nexpires:99999999999999999999",
                "path:/a\nexpires:soon",
                "path:a\nexpires:1795942800",
                "path:/a\nexpires:1795942800\nadmin:yes",
                "path:/a\nexpires:1795942800\nip:everywhere",
                "path:/a\nexpires:1795942800\nspace:secret",
                "path:/a\nexpires:1795942800\nreferrer:https://x",
                "path:/a\r\nexpires:1795942800",
                "path\nexpires:1795942800",
            })
    void whoeverHasAKeyCannotConfuseIt(String text) throws Exception {
        assertThat(TOKENS.verify(byHand("k2", SECRET, text), visit("/a"))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aPolicyHasBounds() throws Exception {
        String many = "path:/a\n".repeat(AccessPolicy.MOST_PATHS + 1) + "expires:"
                + NOW.plusSeconds(9).getEpochSecond();
        assertRefused(TOKENS.verify(byHand("k2", SECRET, many), visit("/a")), "1 to 20 paths");
        String endless =
                "path:/a\n".repeat(400) + "expires:" + NOW.plusSeconds(9).getEpochSecond();
        assertThat(TOKENS.verify(byHand("k2", SECRET, endless), visit("/a"))).isInstanceOf(Verdict.Refused.class);
        assertRefused(TOKENS.verify("k2." + "A".repeat(5000) + "." + "A".repeat(43), visit("/a")), "form");
    }

    @Test
    void secretsAreNotShown() {
        assertThat(TOKENS.toString()).contains("k1", "k2").doesNotContain("943b", "secret");
        assertThatThrownBy(() -> new AccessTokens(List.of(OLD, OLD), WEEK)).hasMessageContaining("k1");
        assertThatThrownBy(() -> new AccessTokens(List.of(), WEEK).sign(policy("/a")))
                .isInstanceOf(IllegalStateException.class);
    }
}
