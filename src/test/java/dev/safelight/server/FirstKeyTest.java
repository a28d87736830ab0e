package dev.safelight.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.access.ApiKeys;
import dev.safelight.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;

/// The server under test has an admin key already, so each folder here is one from which the file was lost.
class FirstKeyTest {
    private final ApiKeys keys = TestServer.shared().bean(ApiKeys.class);

    @TempDir
    Path data;

    private void start(boolean newAdminKey) throws Exception {
        ServerSettings settings = new ServerSettings(
                data,
                newAdminKey,
                List.of("api"),
                false,
                new ServerSettings.Embedded("127.0.0.1", 0, null, new ServerSettings.Encryption(null, null, null)));
        new FirstKey(keys, settings).run(new DefaultApplicationArguments());
    }

    @Test
    void addsNoAdminKeyWhereThereIsOne() throws Exception {
        start(false);

        assertThat(data).isEmptyDirectory();
    }

    @Test
    void addsOneWhenAskedThatOnlyItsOwnerCanRead() throws Exception {
        start(true);

        Path file = data.resolve("admin.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(keys.authenticate(Files.readString(file).strip())).isPresent();
    }

    @Test
    void publishesAKeyWhoseFirstStartWasCutOff() throws Exception {
        start(true);
        Files.move(data.resolve("admin.key"), data.resolve("admin.key.new"));

        start(false);

        assertThat(keys.authenticate(Files.readString(data.resolve("admin.key")).strip()))
                .isPresent();
    }
}
