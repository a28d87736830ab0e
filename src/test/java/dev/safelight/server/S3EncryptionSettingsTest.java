package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Bucket;
import dev.safelight.server.S3EncryptionSettings.Kind;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3EncryptionSettingsTest {
    private static final String KEY = "c:" + "1a".repeat(32);

    private static S3EncryptionSettings customer(Set<Bucket> buckets) {
        return new S3EncryptionSettings(Kind.SSE_C, null, false, null, KEY, buckets);
    }

    private static ExternalStoreSettings store(
            @Nullable String endpoint, boolean httpsOnly, S3EncryptionSettings encryption) {
        return new ExternalStoreSettings(
                endpoint == null ? null : URI.create(endpoint),
                null,
                "us-east-1",
                true,
                Map.of(),
                Map.of(),
                httpsOnly,
                encryption);
    }

    @Test
    void aCustomerKeyIsNotForOriginalsWhichClientsSend() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> customer(Set.of()))
                .withMessageContaining("safelight.s3.encryption.buckets=processed,user,marketing");
        assertThat(customer(Set.of(Bucket.PROCESSED)).read().buckets()).containsExactly(Bucket.PROCESSED);
        assertThat(customer(Set.of(Bucket.PROCESSED)).toString()).doesNotContain("1a1a");
    }

    @Test
    void aCustomerKeyCrossesNoNetworkInPlain() {
        S3EncryptionSettings settings = customer(Set.of(Bucket.PROCESSED));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store("http://s3.example.org", false, settings))
                .withMessageContaining("https://");
        assertThatCode(() -> store("https://s3.example.org", false, settings)).doesNotThrowAnyException();
        assertThatCode(() -> store("http://127.0.0.1:9000", false, settings)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1.example.org", "http://localhost.example.org", "http://10.0.0.1"})
    void aNameThatOnlyLooksLikeThisMachineIsAnotherOne(String endpoint) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store(endpoint, false, customer(Set.of(Bucket.PROCESSED))));
    }

    @Test
    void refusesPlainEndpointsWhereThatIsAskedFor() {
        S3EncryptionSettings none = new S3EncryptionSettings(Kind.NONE, null, false, null, null, Set.of());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store("http://127.0.0.1:9000", true, none))
                .withMessageStartingWith("safelight.s3.endpoint");
    }

    @Test
    void refusesWhatWouldHaveNoEffect() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new S3EncryptionSettings(Kind.SSE_S3, "key", false, null, null, Set.of()))
                .withMessageContaining("sse-kms only");
        S3EncryptionSettings managed = new S3EncryptionSettings(Kind.SSE_S3, null, false, null, null, Set.of());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store(null, false, managed))
                .withMessageContaining("safelight.embedded.encryption.key-file");
    }
}
