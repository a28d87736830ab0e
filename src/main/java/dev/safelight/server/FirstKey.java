package dev.safelight.server;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/// Creates the admin key at the first start, in a file that only the owner of the process can read.
@Component
final class FirstKey implements ApplicationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);

    private final ApiKeys keys;
    private final Path file;

    FirstKey(ApiKeys keys, ServerSettings settings) {
        this.keys = keys;
        this.file = settings.data().resolve("admin.key");
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (Files.exists(file)
                && keys.authenticate(Files.readString(file).strip()).isPresent()) {
            return;
        }
        String token = keys.create("admin", Set.of(Role.ADMIN)).token();
        Path fresh = file.resolveSibling("admin.key.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, token + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LOG.info("Wrote a new admin key to {}", file);
    }
}
