package dev.safelight.server;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Role;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/// Creates the first admin key, in a file that only the owner of the process can read.
///
/// The file is written before the key is valid and takes its name afterwards, so a crash leaves neither a key
/// that nobody knows nor a file that opens nothing. Where an admin key exists already, none is added unless it
/// is asked for.
@Component
@OnRole(ServerRole.API)
final class FirstKey implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);

    private final ApiKeys keys;
    private final Path file;
    private final boolean wanted;

    FirstKey(ApiKeys keys, ServerSettings settings) {
        this.keys = keys;
        this.file = settings.data().resolve("admin.key");
        this.wanted = settings.newAdminKey();
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        Path fresh = file.resolveSibling("admin.key.new");
        if (!wanted && keys.anyActive(Role.ADMIN)) {
            if (!Files.exists(file) && isValid(fresh)) {
                publish(fresh);
            }
            return;
        }
        ApiKeys.Draft draft = keys.draft("admin", Set.of(Role.ADMIN));
        write(fresh, draft.token());
        keys.activate(draft);
        publish(fresh);
        LOG.info("Wrote a new admin key to {}", file);
    }

    private boolean isValid(Path keyFile) throws IOException {
        return Files.exists(keyFile)
                && keys.authenticate(Files.readString(keyFile).strip()).isPresent();
    }

    private static void write(Path fresh, String token) throws IOException {
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, token + "\n", StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void publish(Path fresh) throws IOException {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
