package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.Safelight;
import dev.safelight.role.Roles;
import dev.safelight.testing.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;

/// A process of one role has all that it is made of with the keys of this role alone.
class RoleStartTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"api, uploader", "worker, uploader worker marketing", "delivery, delivery renderer"})
    void startsWithItsOwnKeysAlone(String role, String identities) {
        TestDatabase database = TestDatabase.fresh();
        Map<String, Object> settings = new HashMap<>(Map.of(
                "server.port",
                "0",
                "server.address",
                "127.0.0.1",
                "safelight.data",
                folder.toString(),
                "safelight.work.folder",
                folder.resolve("work").toString(),
                "safelight.s3.endpoint",
                "http://127.0.0.1:9",
                "safelight.roles",
                role));
        for (String bucket : List.of("raw", "processed", "user", "marketing")) {
            settings.put("safelight.s3.buckets." + bucket, bucket);
        }
        for (String identity : identities.split(" ")) {
            settings.put("safelight.s3.keys." + identity + ".access-key", identity);
            settings.put("safelight.s3.keys." + identity + ".secret-key", "secret-of-" + identity);
        }
        try (var context = new SpringApplicationBuilder(Safelight.class)
                .properties(settings)
                .run(database.arguments())) {
            assertThat(context.getBean(Roles.class).all()).hasSize(1);
        }
    }
}
