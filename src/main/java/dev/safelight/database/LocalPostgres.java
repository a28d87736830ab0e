package dev.safelight.database;

import dev.safelight.asset.Failure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/// A PostgreSQL server of our own, on a data folder that survives crashes of either process.
///
/// It listens on the loopback address only and wants a password (SCRAM) from everybody. A server that a
/// killed run left behind is stopped before a new one starts, so only one process may use a folder at a time;
/// the caller sees to it.
public final class LocalPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);

    private static final String USER = "postgres";

    /// How long a server may take to answer, and how long altogether when it first recovers from a crash.
    private static final Duration START = Duration.ofSeconds(60);

    private static final Duration RECOVERY = Duration.ofMinutes(5);

    private final EmbeddedPostgres server;
    private final PostgresProcess process;
    private final String password;

    private LocalPostgres(EmbeddedPostgres server, PostgresProcess process, String password) {
        this.server = server;
        this.process = process;
        this.password = password;
    }

    /// Whether a commit waits for the disk.
    public enum Durability {
        /// What was committed survives the loss of power.
        FULL,
        /// For tests, whose data nobody misses.
        NONE
    }

    /// Starts the server, creating its data and password at the first time.
    ///
    /// @param folder of the database alone: data and password are in it
    /// @throws Failure UNAVAILABLE when it does not come up in time
    public static LocalPostgres start(Path folder, Durability durability) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path home = folder.toRealPath();
        Path data = home.resolve("data");
        PostgresProcess process = new PostgresProcess(data);
        process.stop();
        Path programs = PostgresPrograms.folder(System.getenv(), home.resolve("programs"));
        boolean made = isMade(data);
        Path passwordFile = home.resolve("password");
        String password = new PasswordFile(passwordFile).read(made);
        if (!made) {
            Path draft = home.resolve("data.new");
            create(draft, configure(programs, draft, passwordFile, password, durability));
            Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
            PasswordFile.sync(home);
        }
        EmbeddedPostgres server =
                launch(configure(programs, data, passwordFile, password, durability), process, home, null);
        log.info("PostgreSQL listens on port {}", server.getPort());
        return new LocalPostgres(server, process, password);
    }

    /// What is neither a database nor nothing is for a person to look at: perhaps a backup is being restored.
    private static boolean isMade(Path data) throws IOException {
        if (Files.exists(data.resolve("PG_VERSION")) && Files.exists(data.resolve("global/pg_control"))) {
            return true;
        }
        try {
            Files.deleteIfExists(data);
            return false;
        } catch (DirectoryNotEmptyException e) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The folder " + data + " is not a complete database. Restore it from a backup, or move it away to"
                            + " begin with an empty one.",
                    e);
        }
    }

    /// Data of a first start that was cut off have never been given out, and may not be complete.
    private static void create(Path draft, EmbeddedPostgres.Builder builder) throws IOException, InterruptedException {
        PostgresProcess process = new PostgresProcess(draft);
        process.stop();
        if (FileSystemUtils.deleteRecursively(draft)) {
            log.warn("Removed a database whose creation was cut off");
        }
        // The library makes data only to start a server on them at once.
        try (FirstWords words = new FirstWords()) {
            launch(builder.setOutputRedirector(words.redirect()), process, draft, words)
                    .close();
        }
        process.stop();
        PasswordFile.sync(draft);
    }

    private static EmbeddedPostgres launch(
            EmbeddedPostgres.Builder builder, PostgresProcess process, Path folder, @Nullable FirstWords words)
            throws IOException, InterruptedException {
        try (StartWatch watch = new StartWatch(process, START)) {
            EmbeddedPostgres server = builder.start();
            if (!watch.gaveUp()) {
                return server;
            }
            server.close();
            throw new IOException("it neither answers nor recovers in time");
        } catch (IOException | IllegalStateException | ExceptionInInitializerError e) {
            process.stop();
            throw new Failure(
                    Failure.Kind.UNAVAILABLE, "PostgreSQL did not start on %s: %s".formatted(folder, why(e, words)), e);
        }
    }

    private static String why(Throwable failed, @Nullable FirstWords words) {
        String said = words == null ? "" : words.read();
        return said.isEmpty() ? failed.getMessage() + ". What it said is in this log." : said;
    }

    private static EmbeddedPostgres.Builder configure(
            Path programs, Path data, Path passwordFile, String password, Durability durability) {
        String durable = durability == Durability.FULL ? "on" : "off";
        // The options named "locale" are passed to initdb as they are, the only way to give it a password.
        return EmbeddedPostgres.builder()
                .setPgBinaryResolver(PostgresPrograms.INSTANCE)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(programs.toAbsolutePath().toFile())
                .setRegisterShutdownHook(false)
                .setPGStartupWait(RECOVERY)
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString())
                .setLocaleConfig("locale", "C.UTF-8")
                .setConnectConfig("password", password)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("fsync", durable)
                .setServerConfig("synchronous_commit", durable)
                .setServerConfig("full_page_writes", durable)
                .setServerConfig("shared_buffers", "64MB")
                .setServerConfig("max_connections", "60");
    }

    public int port() {
        return server.getPort();
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    /// Unpooled connections, for set-up and tests.
    public DataSource dataSource(String database) {
        return server.getDatabase(USER, database);
    }

    /// Ends all connections and waits until the server is gone.
    @Override
    public void close() throws IOException {
        server.close();
        try {
            process.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
