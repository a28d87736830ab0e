package dev.safelight.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys as they are configured.
class SigningSettingsTest {
    private static final String BASE = "https://media.example.com";

    private static Openssl openssl;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        openssl = Openssl.withKeys(folder);
    }

    @Test
    void readsKeysAsOpensslWritesThem() throws Exception {
        openssl.run("rsa", "-in", "K1RSA.pem", "-traditional", "-out", "old.pem");
        assertThat(PemKey.privateKey(openssl.read("old.pem"))).isEqualTo(PemKey.privateKey(openssl.read("K1RSA.pem")));

        openssl.run("genrsa", "-out", "short.pem", "1024");
        openssl.run("pkey", "-in", "short.pem", "-pubout", "-out", "short.pub");
        openssl.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", "p384.pem");
        openssl.run("genpkey", "-algorithm", "ED25519", "-out", "ed.pem");
        openssl.run("pkey", "-in", "K1RSA.pem", "-aes256", "-passout", "pass:x", "-out", "locked.pem");
        for (String file : List.of("short.pem", "p384.pem", "ed.pem", "locked.pem", "K1RSA.pub")) {
            assertThatThrownBy(() -> PemKey.privateKey(openssl.read(file)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String file : List.of("short.pub", "K1RSA.pem")) {
            assertThatThrownBy(() -> PemKey.publicKey(openssl.read(file))).isInstanceOf(IllegalArgumentException.class);
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
        assertRefusedSetting("keys[].id is missing", () -> settings(absent(), secret));
        assertRefusedSetting("keys[].secret is missing", () -> settings("k1", absent()));
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

        Path key = openssl.folder().resolve("K1RSA.pem");
        List<SigningSettings.GroupKey> group =
                List.of(new SigningSettings.GroupKey("K1RSA", openssl.folder().resolve("K2RSA.pub")));
        SigningSettings mixed = settings(cloudFront(group, "K1RSA", key));
        assertRefusedSetting("not that of the public key K1RSA", () -> mixed.cloudFrontSigner(BASE));
        SigningSettings homeless = settings(cloudFront(group, "K9", key));
        assertRefusedSetting("base-urls is needed", () -> homeless.cloudFrontSigner(""));
        assertRefusedSetting("base-urls is needed", () -> homeless.cloudFrontVerifier(" "));
        SigningSettings missing =
                settings(cloudFront(List.of(), "K9", openssl.folder().resolve("none.pem")));
        assertRefusedSetting("none.pem does not exist", () -> missing.cloudFrontSigner(BASE));
        assertThat(homeless.cloudFrontSigner(BASE + "/").orElseThrow().base()).isEqualTo(BASE);
    }

    /// As settings are bound that are not given.
    @SuppressWarnings("NullAway")
    private static String absent() {
        return null;
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

    private static void assertRefusedSetting(String part, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("safelight.signing.")
                .hasMessageContaining(part);
    }
}
