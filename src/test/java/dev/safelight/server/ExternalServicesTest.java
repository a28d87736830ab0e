package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ExternalServicesTest {
    private static void require(Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        ExternalServices.require(environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"username", "password"})
    void refusesAUserOfADatabaseThatNothingNames(String name) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> require(Map.of("spring.datasource." + name, "secret")))
                .withMessageStartingWith("spring.datasource." + name)
                .withMessageContaining("spring.datasource.url")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "jdbc:nonsense",
                "postgres://u:secret@h/x",
                "jdbc:postgresql://u:secret@h/x",
                "jdbc:postgresql://h:secret/x"
            })
    void saysWhatFormAnAddressHasWithoutRepeatingIt(String url) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> require(Map.of("spring.datasource.url", url)))
                .withMessageStartingWith("spring.datasource.url must have the form jdbc:postgresql://")
                .withMessageNotContaining("secret");
    }

    @Test
    void takesWhatIsEmbeddedAndWhatIsComplete() {
        assertThatCode(() -> require(Map.of())).doesNotThrowAnyException();
        assertThatCode(() -> require(Map.of("spring.datasource.url", "embedded", "safelight.s3.endpoint", "embedded")))
                .doesNotThrowAnyException();
        assertThatCode(() -> require(Map.of(
                        "spring.datasource.url",
                        "jdbc:postgresql://h/x?user=u@h",
                        "spring.datasource.password",
                        "p",
                        "safelight.s3.endpoint",
                        "https://s3.example")))
                .doesNotThrowAnyException();
    }

    @Test
    void looksAtTheStoreToo() {
        assertThatThrownBy(() -> require(Map.of("safelight.s3.endpoint", "nonsense")))
                .hasRootCauseMessage(
                        "safelight.s3.endpoint must be an address such as https://s3.eu-central-1.amazonaws.com,"
                                + " not \"nonsense\".");
    }
}
