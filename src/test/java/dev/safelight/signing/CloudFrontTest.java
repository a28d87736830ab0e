package dev.safelight.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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

    @TempDir
    static Path folder;

    private static CloudFrontVerifier verifier;

    @BeforeAll
    static void makeKeys() throws Exception {
        openssl("genrsa", "-out", "K1RSA.pem", "2048");
        openssl("genrsa", "-out", "K2RSA.pem", "2048");
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "K3EC.pem");
        Map<String, java.security.PublicKey> group = new LinkedHashMap<>();
        for (String id : List.of("K1RSA", "K2RSA", "K3EC")) {
            openssl("pkey", "-in", id + ".pem", "-pubout", "-out", id + ".pub");
            group.put(id, PemKey.publicKey(read(id + ".pub")));
        }
        verifier = new CloudFrontVerifier(group, List.of(BASE, "https://d111111abcdef8.cloudfront.net"));
    }

    private static byte[] openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return output;
    }

    private static String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    /// As in `openssl dgst -sha1 -sign key.pem | openssl base64 -A | tr -- '+=/' '-_~'`.
    private static String signedByOpenssl(String key, String hash, String policy) throws Exception {
        Path text = Files.writeString(folder.resolve("policy.json"), policy);
        return translated(openssl("dgst", hash, "-sign", key + ".pem", text.toString()));
    }

    private static String translated(byte[] bytes) {
        return Base64.getEncoder()
                .encodeToString(bytes)
                .replace('+', '-')
                .replace('=', '_')
                .replace('/', '~');
    }

    private static CloudFrontSigner signer(String id, CloudFrontHash hash) throws IOException {
        return new CloudFrontSigner(BASE, id, PemKey.privateKey(read(id + ".pem")), hash);
    }

    private static Visit visit(String path, @Nullable String query, Instant now) {
        return new Visit(path, query, now, InetAddress.ofLiteral("192.0.2.7"), null);
    }

    private static Verdict verify(CloudFrontParameters given) {
        return verifier.verify(given, visit(PATH, null, NOW));
    }

    private static void assertGranted(Verdict verdict) {
        assertThat(verdict).isEqualTo(new Verdict.Granted(Instant.ofEpochSecond(END), null));
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
                translated(policy.getBytes(UTF_8)),
                signedByOpenssl("K1RSA", "-sha256", policy),
                "K1RSA",
                "SHA256");
    }

    @ParameterizedTest
    @CsvSource({"K1RSA, SHA1", "K2RSA, SHA256", "K3EC, SHA1", "K3EC, SHA256"})
    void takesCannedPoliciesThatOpensslSigned(String key, CloudFrontHash hash) throws Exception {
        String openssl = signedByOpenssl(key, hash == CloudFrontHash.SHA1 ? "-sha1" : "-sha256", canned(BASE + PATH));
        String name = hash == CloudFrontHash.SHA1 ? null : hash.name();
        assertGranted(verify(new CloudFrontParameters(String.valueOf(END), null, openssl, key, name)));
        assertGranted(verify(new CloudFrontParameters(String.valueOf(END), null, openssl, key, hash.name())));
        String other = hash == CloudFrontHash.SHA1 ? "SHA256" : "SHA1";
        assertRefused(verify(new CloudFrontParameters(String.valueOf(END), null, openssl, key, other)), "wrong");
    }

    @ParameterizedTest
    @EnumSource(CloudFrontHash.class)
    void signsAsOpensslDoes(CloudFrontHash hash) throws Exception {
        CloudFrontPolicy policy = CloudFrontPolicy.canned(BASE + PATH, Instant.ofEpochSecond(END));
        assertThat(policy.text()).isEqualTo(canned(BASE + PATH));
        CloudFrontParameters signed = signer("K1RSA", hash).sign(policy);
        String option = hash == CloudFrontHash.SHA1 ? "-sha1" : "-sha256";
        assertThat(signed.signature()).isEqualTo(signedByOpenssl("K1RSA", option, canned(BASE + PATH)));
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
        byte[] signature = CloudFrontText.decode(signed.signature()).orElseThrow();
        Files.write(folder.resolve("signature"), signature);
        Files.writeString(folder.resolve("policy.json"), policy.text());
        assertThat(new String(
                        openssl("dgst", "-sha256", "-verify", "K3EC.pub", "-signature", "signature", "policy.json"),
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

        assertGranted(verify(signed));
        assertGranted(verifier.verify(signed, visit("/media/image/x", "a=b", NOW)));
        assertRefused(verifier.verify(signed, visit("/media/video/x", null, NOW)), "another URL");
        assertRefused(verifier.verify(signed, visit(PATH, null, NOW.minusMillis(1))), "not hold yet");
        assertGranted(verifier.verify(
                signed, visit(PATH, null, Instant.ofEpochSecond(END).minusMillis(1))));
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
        String signature = signedByOpenssl("K1RSA", "-sha1", canned(BASE + "/images/a?width=300"));
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
        String signature = signedByOpenssl("K1RSA", "-sha1", policy);
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

    @Property(tries = 1500)
    void noCharacterCanBeChanged(
            @ForAll @IntRange(max = 2) int field, @ForAll @IntRange(max = 100_000) int place, @ForAll char other)
            throws Exception {
        if (Good.custom == null) {
            makeKeysOnce();
        }
        CloudFrontParameters good = place % 2 == 0 ? Good.custom : Good.canned;
        Map<String, String> fields = new LinkedHashMap<>(good.byName());
        String name = List.copyOf(fields.keySet()).get(field);
        String value = fields.get(name);
        int at = (place / 2) % value.length();
        char with = place % 3 == 0 ? other : "ABCDwxyz0189-_~".charAt(other % 15);
        if (value.charAt(at) == with) {
            return;
        }
        fields.put(name, value.substring(0, at) + with + value.substring(at + 1));
        assertGranted(verify(good));
        assertThat(verify(CloudFrontParameters.of(fields))).isInstanceOf(Verdict.Refused.class);
    }

    /// Properties run in an engine of their own, which knows nothing of `@BeforeAll`.
    private static final class Good {
        private static @Nullable CloudFrontParameters custom;
        private static @Nullable CloudFrontParameters canned;
    }

    private static void makeKeysOnce() throws Exception {
        folder = Files.createTempDirectory("cloudfront");
        makeKeys();
        Good.custom = signer("K3EC", CloudFrontHash.SHA256)
                .sign(new CloudFrontPolicy(BASE + "/media/*", Instant.ofEpochSecond(END), NOW, null));
        Good.canned = signer("K1RSA", CloudFrontHash.SHA256)
                .sign(CloudFrontPolicy.canned(BASE + PATH, Instant.ofEpochSecond(END)));
    }

    @Test
    void readsKeysAsOpensslWritesThem() throws Exception {
        openssl("rsa", "-in", "K1RSA.pem", "-traditional", "-out", "old.pem");
        assertThat(PemKey.privateKey(read("old.pem"))).isEqualTo(PemKey.privateKey(read("K1RSA.pem")));

        openssl("genrsa", "-out", "short.pem", "1024");
        openssl("pkey", "-in", "short.pem", "-pubout", "-out", "short.pub");
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", "p384.pem");
        openssl("genpkey", "-algorithm", "ED25519", "-out", "ed.pem");
        openssl("pkey", "-in", "K1RSA.pem", "-aes256", "-passout", "pass:x", "-out", "locked.pem");
        for (String file : List.of("short.pem", "p384.pem", "ed.pem", "locked.pem", "K1RSA.pub")) {
            assertThatThrownBy(() -> PemKey.privateKey(read(file))).isInstanceOf(IllegalArgumentException.class);
        }
        for (String file : List.of("short.pub", "K1RSA.pem")) {
            assertThatThrownBy(() -> PemKey.publicKey(read(file))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> PemKey.privateKey("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("AAAA");
    }

    @Test
    void settingsTellWhatIsWrong() throws Exception {
        String secret = "943b421c9eb07c830af81030552c86009268de4e532ba2ee2eab8247c6da0881";
        assertRefusedSetting("keys[0].secret must have at least 32", () -> settings("k1", "00112233445566778899"));
        assertRefusedSetting("keys[0].secret must have at least 32", () -> settings("k1", "00".repeat(32)));
        assertRefusedSetting(
                "keys[0].secret must have at least 32", () -> settings("k1", "0123456789abcdef".repeat(4)));
        assertRefusedSetting("keys[0].secret is not", () -> settings("k1", "changeme"));
        assertRefusedSetting("keys[0].id", () -> settings("k.1", secret));
        assertThat(settings("k1", secret).tokens().isEmpty()).isFalse();
        assertThat(settings("k1", secret).toString()).doesNotContain(secret);
        assertRefusedSetting(
                "lifetime must be 1m",
                () -> new SigningSettings(
                        List.of(), Duration.ofSeconds(59), Duration.ofDays(1), cloudFront(List.of(), null, null)));
        assertRefusedSetting(
                "max-lifetime must be",
                () -> new SigningSettings(
                        List.of(), Duration.ofHours(1), Duration.ofDays(366), cloudFront(List.of(), null, null)));
        assertRefusedSetting(
                "within max-lifetime",
                () -> new SigningSettings(
                        List.of(), Duration.ofHours(1), Duration.ofHours(1), cloudFront(List.of(), null, null)));
        assertRefusedSetting("belong together", () -> cloudFront(List.of(), "K1RSA", null));

        Path key = folder.resolve("K1RSA.pem");
        List<SigningSettings.GroupKey> group =
                List.of(new SigningSettings.GroupKey("K1RSA", folder.resolve("K2RSA.pub")));
        SigningSettings mixed = settings(cloudFront(group, "K1RSA", key));
        assertRefusedSetting("not that of the public key K1RSA", () -> mixed.cloudFrontSigner(BASE));
        SigningSettings homeless = settings(cloudFront(group, "K9", key));
        assertRefusedSetting("base-urls is needed", () -> homeless.cloudFrontSigner(""));
        assertRefusedSetting("base-urls is needed", () -> homeless.cloudFrontVerifier(" "));
        SigningSettings missing = settings(cloudFront(List.of(), "K9", folder.resolve("none.pem")));
        assertRefusedSetting("private-key cannot be read", () -> missing.cloudFrontSigner(BASE));
        assertThat(homeless.cloudFrontSigner(BASE + "/").orElseThrow().base()).isEqualTo(BASE);
    }

    private static SigningSettings settings(String id, String secret) {
        return new SigningSettings(
                List.of(new SigningSettings.Key(id, secret)),
                Duration.ofHours(1),
                Duration.ofDays(7),
                cloudFront(List.of(), null, null));
    }

    private static SigningSettings settings(SigningSettings.CloudFront cloudFront) {
        return new SigningSettings(List.of(), Duration.ofHours(1), Duration.ofDays(7), cloudFront);
    }

    private static SigningSettings.CloudFront cloudFront(
            List<SigningSettings.GroupKey> group, @Nullable String id, @Nullable Path key) {
        return new SigningSettings.CloudFront(List.of(), group, id, key, CloudFrontHash.SHA256);
    }

    private static void assertRefusedSetting(String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("safelight.signing.")
                .hasMessageContaining(part);
    }
}
