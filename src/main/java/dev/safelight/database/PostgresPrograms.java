package dev.safelight.database;

import dev.safelight.natives.NativesFolder;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The programs of PostgreSQL: packed in a library of the class path, unpacked once for all servers of a user.
///
/// Unpacking takes seconds, so they are kept where other natives are. Where that cannot be, for instance for a user
/// without a home, each database has its own.
final class PostgresPrograms implements PgBinaryResolver {
    private static final Logger log = LoggerFactory.getLogger(PostgresPrograms.class);

    private static final Set<PosixFilePermission> RUNNABLE = PosixFilePermissions.fromString("rwx------");

    /// The library unpacks once per JVM and resolver.
    static final PostgresPrograms INSTANCE = new PostgresPrograms();

    private PostgresPrograms() {}

    /// The folder to unpack into, which nobody else can write to.
    ///
    /// @param own of the database, for a user who has no other
    static Path folder(Map<String, String> environment, Path own) {
        Optional<Path> shared = NativesFolder.of("postgres", environment).filter(PostgresPrograms::isUsable);
        return shared.map(folder -> folder.resolve("programs")).orElse(own);
    }

    /// The library makes its folder writable for everybody; the one around it keeps them out.
    private static boolean isUsable(Path shared) {
        try {
            Files.createDirectories(shared);
            Files.setPosixFilePermissions(shared, RUNNABLE);
            return canRunIn(shared);
        } catch (IOException | UnsupportedOperationException refused) {
            log.info("{} cannot be used, so this database gets its own programs: {}", shared, refused.toString());
            return false;
        }
    }

    /// Caches are sometimes on a file system that runs no programs.
    private static boolean canRunIn(Path folder) throws IOException {
        Path probe = Files.createTempFile(folder, "probe", "", PosixFilePermissions.asFileAttribute(RUNNABLE));
        try {
            return Files.isExecutable(probe);
        } finally {
            Files.delete(probe);
        }
    }

    /// The first on the class path: the same library may be on it twice.
    @Override
    public @Nullable InputStream getPgBinary(String system, String machine) {
        String name = "/postgres-%s-%s.txz".formatted(system.toLowerCase(Locale.ROOT), ArchUtils.normalize(machine));
        return PostgresPrograms.class.getResourceAsStream(name);
    }
}
