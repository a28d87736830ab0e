package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Command;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `safelight storage` of the packaged jar.
class StorageIT {
    @Test
    void takesItsStoreFromTheEnvironmentAndSaysWhyItCannot(@TempDir Path folder) {
        Command embedded = Command.run("storage", "check", "--json", "--data", folder.toString());
        assertThat(embedded.exitCode()).isEqualTo(4);
        assertThat(embedded.messages()).singleElement().asString().contains("There is no embedded store in");

        Command unreachable = Command.run(
                Map.of(
                        "SAFELIGHT_S3_ENDPOINT", "http://127.0.0.1:1",
                        "SAFELIGHT_S3_KEYS_ADMIN_ACCESSKEY", "A",
                        "SAFELIGHT_S3_KEYS_ADMIN_SECRETKEY", "S",
                        "SAFELIGHT_S3_BUCKETS_RAW", "a-raw",
                        "SAFELIGHT_S3_BUCKETS_PROCESSED", "a-processed",
                        "SAFELIGHT_S3_BUCKETS_USER", "a-user",
                        "SAFELIGHT_S3_BUCKETS_MARKETING", "a-marketing"),
                "storage",
                "check");
        assertThat(unreachable.exitCode()).isEqualTo(3);
        assertThat(unreachable.messages()).singleElement().asString().contains("safelight.s3.endpoint");
    }
}
