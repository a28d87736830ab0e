package dev.safelight.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.Failure;
import dev.safelight.testing.SmallDisk;
import dev.safelight.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
    @TempDir
    Path folder;

    private LocalPostgres start() throws IOException, InterruptedException {
        return LocalPostgres.start(folder.resolve("postgres"), LocalPostgres.Durability.FULL);
    }

    private static String query(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void saysWhatPostgresSaidOfAFullDisk() {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("small"), 3)) {
            assertThatThrownBy(
                            () -> LocalPostgres.start(disk.folder().resolve("postgres"), LocalPostgres.Durability.FULL))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageNotContainingAny("in time", "Process [");
        }
    }

    @Test
    void keepsItsDataDurablyAndAsksForAPassword() throws Exception {
        try (LocalPostgres postgres = start()) {
            DataSource source = postgres.dataSource("postgres");
            execute(source, "create table note (text text)");
            execute(source, "insert into note values ('kept')");
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertThat(query(source, "show " + setting)).isEqualTo("on");
            }
            assertThat(query(source, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(source, "show max_connections")).isEqualTo("60");
            assertThat(query(source, "show server_encoding")).isEqualTo("UTF8");
            assertThatThrownBy(
                            () -> DriverManager.getConnection(postgres.jdbcUrl("postgres"), postgres.user(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("postgres/password"))))
                    .isEqualTo("rw-------");
        }
        assertThat(folder.resolve("postgres/data/postmaster.pid")).doesNotExist();
        assertThat(folder.resolve("postgres")).isDirectoryNotContaining("glob:**ready");
        try (LocalPostgres again = start()) {
            assertThat(query(again.dataSource("postgres"), "select text from note"))
                    .isEqualTo("kept");
        }
    }

    /// Run in a process of its own by the test below, and killed.
    static final class Victim {
        public static void main(String[] arguments) throws Exception {
            LocalPostgres postgres = LocalPostgres.start(Path.of(arguments[0]), LocalPostgres.Durability.FULL);
            execute(postgres.dataSource("postgres"), "create table note as select 'committed' as text");
            System.out.println("ready");
            Thread.sleep(TimeUnit.MINUTES.toMillis(1));
        }
    }

    @Test
    void stopsTheServerOfAKilledRunAndKeepsItsData() throws Exception {
        Path home = folder.resolve("postgres");
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Victim.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = victim.inputReader()) {
            assertThat(output.lines().anyMatch("ready"::equals)).isTrue();
        } finally {
            victim.destroyForcibly().waitFor();
        }
        long orphan = Long.parseLong(
                Files.readAllLines(home.resolve("data/postmaster.pid")).getFirst());
        assertThat(ProcessHandle.of(orphan))
                .hasValueSatisfying(server -> assertThat(server.isAlive()).isTrue());

        try (LocalPostgres postgres = start()) {
            assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(query(postgres.dataSource("postgres"), "select text from note"))
                    .isEqualTo("committed");
        }
    }

    @Test
    void leavesAProcessAloneThatOnlyHasTheNumberOfAnOldServer() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Path data = Files.createDirectories(folder.resolve("data"));
            Files.writeString(data.resolve("postmaster.pid"), stranger.pid() + "\n" + data + "\n");

            new PostgresProcess(data).stop();

            assertThat(stranger.isAlive()).isTrue();
            assertThat(data.resolve("postmaster.pid")).doesNotExist();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void beginsAgainAfterAFirstStartThatWasCutOff() throws Exception {
        Path draft = Files.createDirectories(folder.resolve("postgres/data.new/global"));
        Files.writeString(draft.resolve("pg_control"), "half");
        Files.writeString(draft.resolveSibling("PG_VERSION"), "18\n");
        Files.createDirectories(folder.resolve("postgres/data"));
        Files.createFile(folder.resolve("postgres/password"));

        try (LocalPostgres postgres = start()) {
            assertThat(query(postgres.dataSource("postgres"), "select 1")).isEqualTo("1");
        }
        assertThat(folder.resolve("postgres/data.new")).doesNotExist();
    }

    @Test
    void neverRemovesDataThatItDoesNotRecognise() throws Exception {
        Path data = Files.createDirectories(folder.resolve("postgres/data/base"));

        assertThatThrownBy(this::start)
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
                .hasMessageContaining("postgres/data");

        assertThat(data).exists();
    }

    /// The server itself is killed, while a client keeps one of its processes busy; a table says what was
    /// committed.
    @Test
    void recoversFromTheDeathOfTheServerAloneAndKeepsWhatWasCommitted() throws Exception {
        Path home = folder.resolve("postgres");
        long committed = 0;
        LocalPostgres killed = start();
        try (Connection connection = killed.dataSource("postgres").getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table note (id serial)");
            ProcessHandle server = ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(home.resolve("data/postmaster.pid"))
                                    .getFirst()))
                    .orElseThrow();
            for (; committed < 100; committed++) {
                statement.execute("insert into note default values");
            }
            CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
                try (Connection other = killed.dataSource("postgres").getConnection();
                        var sleep = other.createStatement()) {
                    sleep.execute("select 'busy', pg_sleep(120)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> query(
                            killed.dataSource("postgres"),
                            "select count(*) from pg_stat_activity where query like 'select ''busy''%'")
                    .equals("1"));
            server.destroyForcibly();
            server.onExit().get(10, TimeUnit.SECONDS);

            // Both runs are in this process here, where the library's own lock would be held twice.
            Files.delete(home.resolve("data/epg-lock"));
            try (LocalPostgres again = start()) {
                assertThat(query(again.dataSource("postgres"), "select count(*) from note"))
                        .isEqualTo(Long.toString(committed));
                assertThat(busy).failsWithin(Duration.ofSeconds(10));
            }
            for (String damaged : List.of("", "cut off")) {
                refusesToStartWithThePassword(damaged);
            }
        }
    }

    private void refusesToStartWithThePassword(String damaged) throws IOException {
        Path file = folder.resolve("postgres/password");
        Files.writeString(file, damaged);
        assertThatThrownBy(this::start)
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("Restore");
        assertThat(file).hasContent(damaged);
        assertThat(folder.resolve("postgres/data/PG_VERSION")).exists();
    }

    @Test
    void signalsAProcessWithoutTheKillProgram() throws Exception {
        DataSource source = TestDatabase.fresh().dataSource();
        CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
            try {
                execute(source, "select 'signalled', pg_sleep(120)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        String backend = "select max(pid) from pg_stat_activity where query like 'select ''signalled''%'";
        await().until(() -> query(source, backend) != null);

        Signal.INT.sendByPostgres(
                ProcessHandle.of(Long.parseLong(query(source, backend))).orElseThrow());

        assertThat(busy).failsWithin(Duration.ofSeconds(10)).withThrowableThat().withMessageContaining("cancel");
    }

    @Test
    void givesEveryTestADatabaseOfItsOwn() throws Exception {
        TestDatabase one = TestDatabase.fresh("sample", source -> {
            try {
                execute(source, "create table sample (id int)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        TestDatabase two = TestDatabase.fresh("sample", source -> {
            throw new AssertionError("prepared twice");
        });
        execute(one.dataSource(), "insert into sample values (1)");

        assertThat(query(one.dataSource(), "select count(*) from sample")).isEqualTo("1");
        assertThat(query(two.dataSource(), "select count(*) from sample")).isEqualTo("0");
    }
}
