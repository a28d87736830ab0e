package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Import;

class UnknownSettingsTest {
    /// A process that has nothing but this.
    @EnableConfigurationProperties(StopSettings.class)
    @Import(UnknownSettings.class)
    static class Small {}

    private static void start(String name) {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new OriginTrackedMapPropertySource("file", Map.of(name, "1")));
            context.register(Small.class);
            context.refresh();
        }
    }

    @Test
    void namesAlsoTheSettingsOfPartsThatThisProcessDoesNotHave() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> start("safelight.evnts.sqs"))
                .withMessageContaining("safelight.evnts.sqs is no setting. Below safelight there are: ")
                .withMessageContainingAll("events", "public-url", "s3", "stop", "upload");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> start("safelight.s3.bukets"))
                .withMessageContaining("Below safelight.s3 there are: buckets, encryption, endpoint");
    }
}
