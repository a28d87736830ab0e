package dev.safelight.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Bucket;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StorageSettingsTest {
    private static StorageSettings bound(Map<String, String> given) {
        Map<String, Object> all = new HashMap<>();
        given.forEach((name, value) -> all.put("safelight.storage." + name, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bindOrCreate("safelight.storage", StorageSettings.class);
    }

    @Test
    void hasDefaults() {
        StorageSettings defaults = bound(Map.of());

        assertThat(defaults.moves()).hasToString("{30=STANDARD_IA, 90=GLACIER_IR}");
        assertThat(defaults.versioned()).containsExactlyInAnyOrder(Bucket.RAW, Bucket.MARKETING);
        assertThat(defaults.sweeps(true)).isTrue();
        assertThat(defaults.sweeps(false)).isFalse();
        assertThat(bound(Map.of("sweep-derived", "true")).sweeps(false)).isTrue();
        assertThat(bound(Map.of("transitions", "")).moves()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "environment|Prod!|safelight.storage.environment must be",
                "derived-expiry|36h|safelight.storage.derived-expiry must be whole days",
                "noncurrent-expiry|0s|safelight.storage.noncurrent-expiry must be",
                "abort-incomplete|-1d|safelight.storage.abort-incomplete must be",
                "transitions|30:IA|safelight.storage.transitions must be a list like",
                "transitions|30d:A,30d:B|safelight.storage.transitions must be a list like",
                "principals.worker|arn:aws:iam:::user/w|missing: uploader, delivery, renderer, marketing",
                "encryption|sse-kms|safelight.storage.kms-key must be set",
                "kms-key|k|safelight.storage.kms-key must be set for encryption sse-kms",
                "notification-target|http://here|safelight.storage.notification-target must be"
            })
    void refusesWhatMakesNoSense(String name, String value, String message) {
        assertThatThrownBy(() -> bound(Map.of(name, value)))
                .isInstanceOf(BindException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining(message);
    }

    @Test
    void refusesOneUserForTwoRolesAndWhatIsNoUser() {
        Map<String, String> users = new HashMap<>(Map.of(
                "principals.uploader", "arn:aws:iam:::user/u",
                "principals.worker", "arn:aws:iam:::user/w",
                "principals.delivery", "arn:aws:iam:::user/d",
                "principals.renderer", "arn:aws:iam:::user/r",
                "principals.marketing", "arn:aws:iam:::user/w"));
        assertThatThrownBy(() -> bound(users)).rootCause().hasMessageContaining("must be different users");
        users.put("principals.marketing", "marketing");
        assertThatThrownBy(() -> bound(users))
                .rootCause()
                .hasMessageContaining("safelight.storage.principals.marketing must be an ARN");
    }
}
