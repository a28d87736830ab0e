package dev.safelight.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.transform.Signatures.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
    private static final String KEY = "00112233445566778899aabbccddeeff";
    private static final String VECTOR_PATH =
            "/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png";
    private static final String VECTOR = "oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8";

    /// The pairs of imgproxy's own tests.
    private static final KeyPair FIRST = pair("test-key", "test-salt");

    private static final KeyPair SECOND = pair("test-key2", "test-salt2");
    private static final String BY_FIRST = "oWaL7QoW5TsgbuiS9-5-DI8S3Ibbo1gdB2SteJh3a20";
    private static final String BY_SECOND = "jYz1UZ7j1BCdSzH3pZhaYf0iuz0vusoOTdqJsUT6WXI";

    private static KeyPair pair(String key, String salt) {
        return new KeyPair(key.getBytes(UTF_8), salt.getBytes(UTF_8));
    }

    @Test
    void signsAsImgproxyDoes() {
        Signatures signatures = new Signatures(List.of(pair("secret", "hello")), 32);
        assertThat(signatures.sign(VECTOR_PATH)).isEqualTo(VECTOR);
        assertThat(signatures.signPath(VECTOR_PATH)).isEqualTo("/" + VECTOR + VECTOR_PATH);
        assertThat(signatures.verify(VECTOR, VECTOR_PATH)).isTrue();
        assertThat(signatures.length()).isEqualTo(VECTOR.length());
    }

    @Test
    void acceptsEveryPairAndSignsWithTheFirst() {
        Signatures both = new Signatures(List.of(FIRST, SECOND), 32);
        assertThat(both.verify(BY_FIRST, "/asd")).isTrue();
        assertThat(both.verify(BY_SECOND, "/asd")).isTrue();
        assertThat(both.sign("/asd")).isEqualTo(BY_FIRST);
        assertThat(new Signatures(List.of(FIRST), 32).verify(BY_SECOND, "/asd")).isFalse();
    }

    @Test
    void shortSignaturesAreOfTheConfiguredSizeOnly() {
        Signatures eight = new Signatures(List.of(FIRST), 8);
        assertThat(eight.sign("/asd")).isEqualTo("oWaL7QoW5Ts").hasSize(eight.length());
        assertThat(eight.verify("oWaL7QoW5Ts", "/asd")).isTrue();
        assertThat(eight.verify(BY_FIRST, "/asd")).isFalse();
        assertThatThrownBy(() -> new Signatures(List.of(FIRST), 7)).hasMessageContaining("8 to 32");
        assertThatThrownBy(() -> new Signatures(List.of(FIRST), 33)).hasMessageContaining("8 to 32");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "oWaL7QoW5Ts",
                BY_FIRST + "=",
                BY_FIRST + "A",
                "oWaL7QoW5TsgbuiS9+5+DI8S3Ibbo1gdB2SteJh3a20",
                "oWaL7QoW5TsgbuiS9-5-DI8S3Ibbo1gdB2SteJh3a21",
                "OWaL7QoW5TsgbuiS9-5-DI8S3Ibbo1gdB2SteJh3a20",
                " " + BY_FIRST,
                "ｏWaL7QoW5TsgbuiS9-5-DI8S3Ibbo1gdB2SteJh3a20",
                "\u0000",
                "unsafe"
            })
    void wrongSignaturesAreWrong(String signature) {
        assertThat(new Signatures(List.of(FIRST, SECOND), 32).verify(signature, "/asd"))
                .isFalse();
    }

    @Test
    void theQueryIsSignedAsItStands() {
        Signatures signatures = new Signatures(List.of(FIRST), 32);
        String url = signatures.signQuery("/images/x", "width=300&fit=cover");
        assertThat(url).startsWith("/images/x?width=300&fit=cover&s=");
        String signature = url.substring(url.indexOf("&s=") + 3);
        assertThat(signatures.isSigned("/images/x", url.substring(url.indexOf('?') + 1)))
                .isTrue();
        assertThat(signatures.isSigned("/images/x", "s=" + signature + "&width=300&fit=cover"))
                .isTrue();
        assertThat(signatures.isSigned("/images/x", "width=300&fit=cover")).isFalse();
        assertThat(signatures.isSigned("/images/x", null)).isFalse();
        for (String other : List.of(
                "fit=cover&width=300", "width=301&fit=cover", "width=300&fit=cov%65r", "width=300&fit=cover&v=2")) {
            assertForbidden(signatures, "/images/x", other + "&s=" + signature);
        }
        assertForbidden(signatures, "/images/y", "width=300&fit=cover&s=" + signature);
        assertForbidden(signatures, "/images/x", "width=300&fit=cover&s=");
        assertThatThrownBy(() -> signatures.isSigned("/images/x", "s=" + signature + "&s=" + signature))
                .hasMessageContaining("twice");
    }

    @Test
    void aPathWithoutQueryIsSignedToo() {
        Signatures signatures = new Signatures(List.of(FIRST), 32);
        String url = signatures.signQuery("/asd", "");
        assertThat(url).isEqualTo("/asd?s=" + BY_FIRST);
        assertThat(signatures.isSigned("/asd", "s=" + BY_FIRST)).isTrue();
    }

    @Test
    void keysAreHexadecimalAndLongAndNeverShown() {
        assertThat(KeyPair.ofHex("k", KEY, "").toString()).doesNotContain("00112233");
        assertThat(new Signatures(List.of(KeyPair.ofHex("k", KEY, "ff")), 32).toString())
                .doesNotContain("00112233");
        assertThatThrownBy(() -> KeyPair.ofHex("safelight.transform.keys[1]", KEY + "a", ""))
                .hasMessageContaining("safelight.transform.keys[1].key")
                .hasMessageNotContaining("0011")
                .hasNoCause();
        assertThatThrownBy(() -> KeyPair.ofHex("k", KEY, "xyz"))
                .hasMessageContaining("k.salt")
                .hasMessageNotContaining("xyz");
        assertThatThrownBy(() -> KeyPair.ofHex("k", "00112233", "")).hasMessageContaining("16 bytes");
    }

    @Test
    void nothingIsRightWithoutKeys() {
        assertThat(new Signatures(List.of(), 32).verify("", "/asd")).isFalse();
        assertThatThrownBy(() -> new Signatures(List.of(), 32).sign("/asd"))
                .hasMessageContaining("safelight.transform");
    }

    private static void assertForbidden(Signatures signatures, String path, String query) {
        assertThatThrownBy(() -> signatures.isSigned(path, query))
                .isInstanceOfSatisfying(
                        Failure.class, wrong -> assertThat(wrong.kind()).isEqualTo(Failure.Kind.FORBIDDEN));
    }
}
