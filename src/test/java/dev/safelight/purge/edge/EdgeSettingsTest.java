package dev.safelight.purge.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeSettingsTest {
    private static final String SECRET = "a-secret-that-nobody-may-see";
    private static final Map<String, String> NGINX =
            Map.of("kind", "nginx", "urls", "http://10.0.0.5", "token", SECRET);

    @Test
    void takesWhatAKindNeeds() {
        assertThat(EdgeContract.bind(NGINX).edges()).containsKey("mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "kind; squid; kind must be one of nginx, varnish, cloudfront",
                "kind; cloudflare; must be given hosts, zone",
                "zone; abc; safelight.purge.edges.mine.zone must be left out, which nginx does not know",
                "token; short; at least 16 characters",
                "token; with a space in it; visible ASCII characters",
                "urls; ftp://10.0.0.5; at most 50 URLs",
                "urls; http://u:p@10.0.0.5; at most 50 URLs",
                "urls; http://10.0.0.5?x=y; at most 50 URLs",
                "timeout; 0s; 1s to 1m",
                "timeout; 2m; 1s to 1m"
            })
    void refusesWhatIsWrongAndNamesIt(String name, String value, String message) {
        Map<String, String> settings = new LinkedHashMap<>(NGINX);
        settings.put(name, value);
        assertThatThrownBy(() -> EdgeContract.bind(settings))
                .rootCause()
                .hasMessageContaining("safelight.purge.edges.mine")
                .hasMessageContaining(message)
                .hasMessageNotContaining(SECRET);
    }
}
