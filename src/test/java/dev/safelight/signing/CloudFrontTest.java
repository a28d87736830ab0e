package dev.safelight.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.AddressRange;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our signatures against those of openssl, with keys of openssl, as CloudFront's documentation makes them.
class CloudFrontTest {
    private static final String BASE = "https://media.example.com";
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
    private static final long END = NOW.plusSeconds(3600).getEpochSecond();
    private static final String PATH = "/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/v1/medium-800w.webp";

    private static Openssl openssl;
    private static CloudFrontVerifier verifier;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        openssl = Openssl.withKeys(folder);
        verifier = openssl.verifier(BASE, "https://d111111abcdef8.cloudfront.net");
    }

    private static CloudFrontSigner signer(String id, CloudFrontHash hash) throws IOException {
        return openssl.signer(BASE, id, hash);
    }

    private static Visit visit(String path, @Nullable String query, Instant now) {
        return new Visit(path, query, now, InetAddress.ofLiteral("192.0.2.7"), null);
    }

    private static Verdict verify(CloudFrontParameters given) {
        return verifier.verify(given, visit(PATH, null, NOW));
    }

    private static void assertGranted(Verdict verdict) {
        assertThat(verdict).isEqualTo(new Verdict.Granted(Instant.ofEpochSecond(END), null, false));
    }

    private static void assertRefused(Verdict verdict, String reason) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        assertThat(((Verdict.Refused) verdict).reason()).contains(reason);
    }

    private static String canned(String url) {
        return "{\"Statement\":[{\"Resource\":\"" + url + "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":" + END
                + "}}}]}";
    }

    private static CloudFrontParameters custom(String policy) throws Exception {
        return new CloudFrontParameters(
                null,
                Openssl.translated(policy.getBytes(UTF_8)),
                openssl.sign("K1RSA", "-sha256", policy),
                "K1RSA",
                "SHA256");
    }

    @ParameterizedTest
    @CsvSource({"K1RSA, SHA1", "K2RSA, SHA256", "K3EC, SHA1", "K3EC, SHA256"})
    void takesCannedPoliciesThatOpensslSigned(String key, CloudFrontHash hash) throws Exception {
        String signature = openssl.sign(key, hash == CloudFrontHash.SHA1 ? "-sha1" : "-sha256", canned(BASE + PATH));
        String name = hash == CloudFrontHash.SHA1 ? null : hash.name();
        assertGranted(verify(new CloudFrontParameters(String.valueOf(END), null, signature, key, name)));
        assertGranted(verify(new CloudFrontParameters(String.valueOf(END), null, signature, key, hash.name())));
        String other = hash == CloudFrontHash.SHA1 ? "SHA256" : "SHA1";
        assertRefused(verify(new CloudFrontParameters(String.valueOf(END), null, signature, key, other)), "wrong");
    }

    @ParameterizedTest
    @EnumSource(CloudFrontHash.class)
    void signsAsOpensslDoes(CloudFrontHash hash) throws Exception {
        CloudFrontPolicy policy = CloudFrontPolicy.canned(BASE + PATH, Instant.ofEpochSecond(END));
        assertThat(policy.text()).isEqualTo(canned(BASE + PATH));
        CloudFrontParameters signed = signer("K1RSA", hash).sign(policy);
        String option = hash == CloudFrontHash.SHA1 ? "-sha1" : "-sha256";
        assertThat(signed.signature()).isEqualTo(openssl.sign("K1RSA", option, canned(BASE + PATH)));
        assertThat(signed.byName().keySet())
                .containsExactlyElementsOf(
                        hash == CloudFrontHash.SHA1
                                ? List.of("Expires", "Signature", "Key-Pair-Id")
                                : List.of("Expires", "Signature", "Key-Pair-Id", "Hash-Algorithm"));
        assertGranted(verify(signed));
    }

    @Test
    void opensslTakesWhatWeSignWithEcdsa() throws Exception {
        CloudFrontPolicy policy = new CloudFrontPolicy(BASE + "/media/*", Instant.ofEpochSecond(END), NOW, null);
        CloudFrontParameters signed = signer("K3EC", CloudFrontHash.SHA256).sign(policy);
        byte[] signature = CloudFrontText.decode(Objects.requireNonNull(signed.signature()))
                .orElseThrow();
        Files.write(openssl.folder().resolve("signature"), signature);
        Files.writeString(openssl.folder().resolve("policy.json"), policy.text());
        assertThat(new String(
                        openssl.run("dgst", "-sha256", "-verify", "K3EC.pub", "-signature", "signature", "policy.json"),
                        US_ASCII))
                .contains("Verified OK");
        assertGranted(verify(signed));
    }

    @Test
    void customPoliciesHaveAllConditions() throws Exception {
        CloudFrontPolicy policy = new CloudFrontPolicy(
                BASE + "/media/image/*",
                Instant.ofEpochSecond(END),
                NOW,
                AddressRange.parse("192.0.2.0/24").orElseThrow());
        String text = "{\"Statement\":[{\"Resource\":\"https://media.example.com/media/image/*\",\"Condition\":{"
                + "\"DateLessThan\":{\"AWS:EpochTime\":" + END + "},"
                + "\"DateGreaterThan\":{\"AWS:EpochTime\":" + NOW.getEpochSecond() + "},"
                + "\"IpAddress\":{\"AWS:SourceIp\":\"192.0.2.0/24\"}}}]}";
        assertThat(policy.text()).isEqualTo(text);
        assertThat(CloudFrontPolicy.parse(text.getBytes(UTF_8))).isEqualTo(policy);
        CloudFrontParameters signed = signer("K1RSA", CloudFrontHash.SHA256).sign(policy);
        assertThat(signed).isEqualTo(custom(text));

        Verdict granted = new Verdict.Granted(Instant.ofEpochSecond(END), null, true);
        assertThat(verify(signed)).isEqualTo(granted);
        assertThat(verifier.verify(signed, visit("/media/image/x", "a=b", NOW))).isEqualTo(granted);
        assertRefused(verifier.verify(signed, visit("/media/video/x", null, NOW)), "another URL");
        assertRefused(verifier.verify(signed, visit(PATH, null, NOW.minusMillis(1))), "not hold yet");
        assertThat(verifier.verify(
                        signed, visit(PATH, null, Instant.ofEpochSecond(END).minusMillis(1))))
                .isEqualTo(granted);
        assertRefused(verifier.verify(signed, visit(PATH, null, Instant.ofEpochSecond(END))), "expired");
        assertRefused(
                verifier.verify(signed, new Visit(PATH, null, NOW, InetAddress.ofLiteral("192.0.3.7"), null)),
                "another address");
        assertRefused(verifier.verify(signed, new Visit(PATH, null, NOW, null, null)), "another address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://media.example.com/media/*",
                "http*://media.example.com/media/*",
                "*://media.example.com/*",
                "*",
                "*medium-800w.webp",
                "https://media.example.com/media/image/*/v?/medium-*w.webp",
            })
    void resourcesHaveWildcards(String resource) throws Exception {
        assertGranted(verify(custom(canned(resource))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://media.example.com/media/",
                "https://media.example.com/images/*",
                "http://media.example.com/media/*",
                "https://other.example.com/media/*",
                "/media/*",
                "https://media.example.com/media/image/*/v?/medium-?w.webp",
                "",
            })
    void resourcesCoverNothingElse(String resource) throws Exception {
        assertRefused(verify(custom(canned(resource))), "another URL");
    }

    @Test
    void withoutResourceAllIsCovered() throws Exception {
        assertGranted(verify(custom(canned("").replace("\"Resource\":\"\",", ""))));
    }

    @Test
    void aCannedPolicyIsOfOneUrlWithItsQuery() throws Exception {
        String signature = openssl.sign("K1RSA", "-sha1", canned(BASE + "/images/a?width=300"));
        CloudFrontParameters given = new CloudFrontParameters(String.valueOf(END), null, signature, "K1RSA", null);
        assertGranted(verifier.verify(given, visit("/images/a", "width=300", NOW)));
        assertRefused(verifier.verify(given, visit("/images/a", "width=301", NOW)), "wrong");
        assertRefused(verifier.verify(given, visit("/images/a", null, NOW)), "wrong");
        assertRefused(verifier.verify(given, visit("/images/b", "width=300", NOW)), "wrong");
        assertRefused(verifier.verify(given, visit("/images/a", "width=300", Instant.ofEpochSecond(END))), "expired");
    }

    /// A quote in the address must not become JSON of its own in the policy that is put together from it.
    @Test
    void anAddressCannotWriteItsOwnPolicy() throws Exception {
        String policy = canned(BASE + "/a\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":" + END + "}},\"x\":\"");
        String signature = openssl.sign("K1RSA", "-sha1", policy);
        CloudFrontParameters given = new CloudFrontParameters(String.valueOf(END), null, signature, "K1RSA", null);
        String path = policy.substring(policy.indexOf("/a"), policy.lastIndexOf("\",\"Condition"));
        assertRefused(verifier.verify(given, visit(path, null, NOW)), "wrong");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "{\"Statement\":[]}",
                "{\"Statement\":{}}",
                "{\"Statement\":[{\"Resource\":\"*\"}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateGreaterThan\":{\"AWS:EpochTime\":1}}}]}",
                "{\"Statement\":[{\"Resource\":1,\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800}}}]}",
                "{\"Statement\":[{\"Resource\":[\"*\"],\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":\"1795942800\"}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1e300}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":99999999999999}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800},"
                        + "\"Referer\":\"x\"}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800},"
                        + "\"IpAddress\":{\"AWS:SourceIp\":\"x\"}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800},"
                        + "\"IpAddress\":{}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Effect\":\"Deny\","
                        + "\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800}}}]}",
                "{\"Statement\":[{\"Resource\":\"/no\",\"Resource\":\"*\","
                        + "\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800}}}]}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800}}}]} {}",
                "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800}}},"
                        + "{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1795942800}}}]}",
            })
    void whatIsNotKnownInAPolicyIsRefused(String policy) throws Exception {
        assertThat(verify(custom(policy))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void needsAllThatBelongsToASignature() throws Exception {
        CloudFrontParameters good = custom(canned(BASE + PATH));
        assertGranted(verify(good));
        for (CloudFrontParameters bad : List.of(
                new CloudFrontParameters(null, null, good.signature(), "K1RSA", "SHA256"),
                new CloudFrontParameters(String.valueOf(END), good.policy(), good.signature(), "K1RSA", "SHA256"),
                new CloudFrontParameters(null, good.policy(), null, "K1RSA", "SHA256"),
                new CloudFrontParameters(null, good.policy(), good.signature(), null, "SHA256"),
                new CloudFrontParameters(null, good.policy(), good.signature(), "K2RSA", "SHA256"),
                new CloudFrontParameters(null, good.policy(), good.signature(), "K3EC", "SHA256"),
                new CloudFrontParameters(null, good.policy(), good.signature(), "NOBODY", "SHA256"),
                new CloudFrontParameters(null, good.policy(), good.signature(), "K1RSA", null),
                new CloudFrontParameters(null, good.policy(), good.signature(), "K1RSA", "MD5"),
                new CloudFrontParameters(null, good.policy(), "", "K1RSA", "SHA256"),
                new CloudFrontParameters(null, good.policy(), "A".repeat(5000), "K1RSA", "SHA256"),
                new CloudFrontParameters(null, "A".repeat(5000), good.signature(), "K1RSA", "SHA256"),
                new CloudFrontParameters("soon", null, good.signature(), "K1RSA", "SHA256"),
                new CloudFrontParameters("-1", null, good.signature(), "K1RSA", "SHA256"))) {
            assertThat(verify(bad)).as(bad.toString()).isInstanceOf(Verdict.Refused.class);
        }
    }
}
