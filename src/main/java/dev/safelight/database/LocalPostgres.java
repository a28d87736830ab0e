package dev.safelight.database;

import dev.safelight.asset.Failure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/// A PostgreSQL server of our own, on a data folder that survives crashes of either process.
///
/// It listens on the loopback address only and wants a password (SCRAM) from everybody. A server that a killed run left
/// behind is stopped before a new one starts, so only one process may use a folder at a time; the caller sees to it.
public final class LocalPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalPostgres.class);

    private static final String USER = "postgres";
    private static final Duration START = Duration.ofSeconds(60);
    private static final SecureRandom RANDOM = new SecureRandom();

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
    /// @param folder of the database alone: data, binaries and password are in it
    /// @throws Failure UNAVAILABLE when it does not come up in time
    public static LocalPostgres start(Path folder, Durability durability) throws IOException, InterruptedException {
        return start(folder, folder.resolve("binaries"), durability);
    }

    /// @param binaries a folder for the programs, which several databases may share one after the other
    public static LocalPostgres start(Path folder, Path binaries, Durability durability)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path home = folder.toRealPath();
        Path data = home.resolve("data");
        PostgresProcess process = new PostgresProcess(data);
        process.stop();
        removeUnfinished(data, home.resolve("ready"));
        Path passwordFile = home.resolve("password");
        String password = password(passwordFile);
        try {
            EmbeddedPostgres server = configure(binaries, data, passwordFile, password, durability)
                    .start();
            Files.write(home.resolve("ready"), new byte[0]);
            log.info("PostgreSQL listens on port {}", server.getPort());
            return new LocalPostgres(server, process, password);
        } catch (IOException | IllegalStateException | ExceptionInInitializerError e) {
            process.stop();
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "PostgreSQL did not start on " + home + " within " + START.toSeconds()
                            + " s; what it said is in this log. " + e.getMessage(),
                    e);
        }
    }

    /// Data from a first start that was cut off has never been given out, and may not be complete.
    private static void removeUnfinished(Path data, Path ready) throws IOException {
        if (Files.exists(data) && !Files.exists(ready)) {
            log.warn("Removing a database whose creation was cut off");
            FileSystemUtils.deleteRecursively(data);
        }
    }

    private static EmbeddedPostgres.Builder configure(
            Path binaries, Path data, Path passwordFile, String password, Durability durability) {
        String durable = durability == Durability.FULL ? "on" : "off";
        // The options named "locale" are passed to initdb as they are, the only way to give it a password.
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(binaries.toAbsolutePath().toFile())
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START)
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

    /// Written whole or not at all, since a password cut short would lock us out of the data made with it.
    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] bytes = new byte[24];
            RANDOM.nextBytes(bytes);
            Path draft = file.resolveSibling("password.new");
            Files.deleteIfExists(draft);
            try (var channel = Files.newByteChannel(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                channel.write(StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(bytes)));
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file);
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
