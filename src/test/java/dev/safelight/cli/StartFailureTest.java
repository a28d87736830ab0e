package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.render.remote.RemoteSettings;
import dev.safelight.transform.TransformSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ApplicationContextException;

/// What an operator reads who set something wrongly.
class StartFailureTest {
    private static void bind(String name, String value) {
        Binder binder = new Binder(new MapConfigurationPropertySource(Map.of("safelight." + name, value)));
        try {
            binder.bindOrCreate("safelight.transform", TransformSettings.class);
            binder.bindOrCreate("safelight.transform.remote", RemoteSettings.class);
        } catch (RuntimeException failed) {
            RuntimeException deep = new IllegalStateException("no bean", failed);
            throw StartFailure.explain(new ApplicationContextException("Unable to start web server", deep));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transform.unsigned | maybe | must be one of ladder, presets, none, any, not \"maybe\"",
                "transform.widths[0] | abc | must be a whole number, not \"abc\"",
                "transform.max-side | big | must be a whole number, not \"big\"",
                "transform.max-side | 0 | must be 1 to ",
                "transform.remote.allow-private | perhaps | must be true or false, not \"perhaps\"",
                "transform.remote.time | soon | must be a duration such as 500ms, 10s or 15m, not \"soon\"",
                "transform.remote.max-bytes | much | must be a size such as 500KB, 10MB or 1GB, not \"much\"",
                "transform.keys[0].kye | 00 | is no setting"
            })
    void namesTheSettingItsValueAndWhatIsAllowed(String setting, String value, String sentence) {
        assertThatThrownBy(() -> bind(setting, value)).isInstanceOfSatisfying(CliException.class, failure -> {
            assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(failure.getMessage()).startsWith("safelight." + setting + " " + sentence);
        });
    }

    @Test
    void namesKeysOfAMapThatDoNotExist() {
        assertThatThrownBy(() -> bind("transform.qualities.gifs", "5"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("safelight.transform.qualities")
                .hasMessageContaining("gifs")
                .hasMessageContaining("one of jpeg, png");
    }

    @Test
    void leavesADefectADefect() {
        RuntimeException defect = new ApplicationContextException("a", new IllegalArgumentException("b"));
        assertThat(StartFailure.explain(defect)).isSameAs(defect);
    }
}
