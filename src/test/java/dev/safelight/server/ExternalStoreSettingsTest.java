package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Bucket;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalStoreSettingsTest {
    private static ExternalStoreSettings store(
            @Nullable String endpoint, @Nullable String publicEndpoint, Map<Bucket, String> buckets) {
        return new ExternalStoreSettings(
                endpoint == null ? null : URI.create(endpoint),
                publicEndpoint == null ? null : URI.create(publicEndpoint),
                "us-east-1",
                true,
                buckets,
                Map.of(),
                false,
                new S3EncryptionSettings(S3EncryptionSettings.Kind.NONE, null, false, null, null, Set.of()));
    }

    @Test
    void refusesTwoBucketsOfOneName() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(
                        () -> store("http://127.0.0.1:9", null, Map.of(Bucket.PROCESSED, "media", Bucket.RAW, "media")))
                .withMessage("safelight.s3.buckets.raw and safelight.s3.buckets.processed must be different buckets,"
                        + " not both \"media\".");
        assertThat(store("http://127.0.0.1:9", null, Map.of(Bucket.PROCESSED, "a", Bucket.RAW, "b"))
                        .isEmbedded())
                .isFalse();
    }

    @Test
    void refusesWhatIsMeantForAServiceThatNothingNames() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store(null, null, Map.of(Bucket.RAW, "media-raw")))
                .withMessageStartingWith("safelight.s3.buckets ")
                .withMessageContaining("safelight.s3.endpoint");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store("embedded", "https://media.example", Map.of()))
                .withMessageStartingWith("safelight.s3.public-endpoint ");
        assertThat(store("embedded", null, Map.of()).isEmbedded()).isTrue();
        assertThat(store(null, null, Map.of()).isEmbedded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "ftp://x", "//host", "https:host", "http://user:secret@host"})
    void refusesWhatIsNoAddressOfAService(String address) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store(address, null, Map.of()))
                .withMessageStartingWith("safelight.s3.endpoint must be an address such as https://")
                .withMessageNotContaining("secret");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store("http://127.0.0.1:9", address, Map.of()))
                .withMessageStartingWith("safelight.s3.public-endpoint must be");
    }
}
