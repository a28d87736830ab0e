package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ServerAddressTest {
    private final ServerOptions options = new ServerOptions();

    private Map<String, Object> settings(Map<String, Object> configured) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("configured", configured));
        return ServerAddress.of(options).settings(options, environment);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://localhost:8080",
        "localhost, http://localhost:8080",
        "0.0.0.0, http://localhost:8080",
        "::, http://localhost:8080",
        "127.0.0.2, http://127.0.0.2:8080",
        "::1, http://[::1]:8080",
        "[::1], http://[::1]:8080"
    })
    void isReachedWhereItListens(String host, String url) throws IOException {
        options.host = host;

        assertThat(ServerAddress.of(options).url()).isEqualTo(url);
        assertThat(settings(Map.of())).containsEntry("safelight.public-url", url);
    }

    @Test
    void leadsClientsToTheStoreBesideThePublicUrl() throws IOException {
        options.publicUrl = "https://shop.example/media/";

        assertThat(settings(Map.of("safelight.public-url", "https://other.example", "server.port", "1")))
                .containsEntry("server.port", 8080)
                .containsEntry("safelight.public-url", "https://shop.example/media")
                .containsEntry("safelight.embedded.s3-public-url", "http://shop.example:8081");
    }

    @Test
    void takesPublicUrlsFromTheSettingsWhenNoOptionIsGiven() throws IOException {
        assertThat(settings(Map.of(
                        "safelight.public-url",
                        "https://cdn.example:8443/x",
                        "safelight.embedded.s3-public-url",
                        "https://s3.example")))
                .containsEntry("safelight.public-url", "https://cdn.example:8443/x")
                .containsEntry("safelight.embedded.s3-public-url", "https://s3.example");
    }

    @Test
    void namesTheOptionOrTheSettingThatIsWrong() {
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> settings(Map.of("safelight.public-url", "shop")))
                .withMessageStartingWith("safelight.public-url must look like");
        options.s3PublicUrl = "ftp://x";
        assertThatExceptionOfType(CliException.class)
                .isThrownBy(() -> settings(Map.of()))
                .withMessageStartingWith("--s3-public-url must look like");
    }
}
