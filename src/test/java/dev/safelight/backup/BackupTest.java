package dev.safelight.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.catalog.RemovalLock;
import dev.safelight.testing.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private DataFixture fixture;

    private Path target = Path.of("");

    @BeforeEach
    void prepare() {
        fixture = new DataFixture(folder);
        target = folder.resolve("backups/today");
    }

    private static void refused(Failure.Kind kind, String words, ThrowingCallable backup) {
        assertThatThrownBy(backup)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    @Test
    void holdsWhatTheDatabaseKnowsAndIsWhole() throws Exception {
        fixture.object("raw/raw/unknown.jpg", "nothing knows it");

        Manifest manifest = fixture.backUp(target);

        assertThat(manifest.objects()).isEqualTo(2);
        assertThat(manifest.objectBytes()).isEqualTo(20);
        assertThat(manifest.missing()).isEmpty();
        assertThat(manifest.createdAt()).isEqualTo(DataFixture.NOW);
        assertThat(target.resolve("objects/" + DataFixture.ORIGINAL)).hasContent("an original");
        assertThat(target.resolve("objects/raw/raw/unknown.jpg")).doesNotExist();
        assertThat(new VerifyBackup(Progress.NONE).verify(target).damages()).isEmpty();
    }

    @Test
    void canBeReadByItsOwnerOnly() throws Exception {
        fixture.backUp(target);

        try (Stream<Path> found = Files.walk(target)) {
            assertThat(found)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .endsWith("------"));
        }
    }

    @Test
    void takesTablesThatALaterMigrationAdds() throws Exception {
        fixture.sql
                .sql("create table added_later (id bigint generated always as identity, twice int, doubled int"
                        + " generated always as (twice * 2) stored)")
                .update();
        fixture.sql.sql("insert into added_later (twice) values (4), (5)").update();

        Manifest manifest = fixture.backUp(target);

        List<String> tables = fixture.sql
                .sql("select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list();
        assertThat(manifest.tables().stream().map(Manifest.Table::name)).containsExactlyInAnyOrderElementsOf(tables);
        assertThat(target.resolve("database/public.added_later.copy")).hasContent("1\t4\n2\t5");
        assertThat(manifest.sequences()).contains(new Manifest.Sequence("public", "added_later_id_seq", 2, true));
    }

    @Test
    void takesAnOpenUploadWhoseBytesAreThere() throws Exception {
        fixture.object("raw/raw/2026/11/two/b.jpg", "early");

        assertThat(fixture.backUp(target).objects()).isEqualTo(3);
    }

    @Test
    void namesWhatTheStoreHasLost() throws Exception {
        Files.delete(fixture.data.resolve("store/objects").resolve(DataFixture.VARIANT));

        Manifest manifest = fixture.backUp(target);

        assertThat(manifest.missingObjects()).isEqualTo(1);
        assertThat(manifest.missing()).containsExactly("processed:processed/image/one/v1/small-320w.webp");
        assertThat(new VerifyBackup(Progress.NONE).verify(target).damages()).isEmpty();
    }

    @Test
    void namesWhatWasDamagedInTheStore() throws Exception {
        Path original = fixture.data.resolve("store/objects").resolve(DataFixture.ORIGINAL);
        Path variant = fixture.data.resolve("store/objects").resolve(DataFixture.VARIANT);
        for (Path object : List.of(original, variant)) {
            byte[] digest = MessageDigest.getInstance("MD5").digest(Files.readAllBytes(object));
            Files.getFileAttributeView(object, UserDefinedFileAttributeView.class)
                    .write("user.content-md5", ByteBuffer.wrap(digest));
        }
        Backup whole = new Backup(fixture.data, "test", InstantSource.system(), Progress.NONE);
        whole.run(fixture.database, target);
        assertThat(whole.damaged()).isEmpty();
        assertThat(new VerifyBackup(Progress.NONE).verify(target).damages()).isEmpty();

        Files.writeString(original, "an 0riginal");
        Path later = folder.resolve("backups/tomorrow");
        Backup backup = new Backup(fixture.data, "test", InstantSource.system(), Progress.NONE);

        assertThat(backup.run(fixture.database, later).objects()).isEqualTo(2);
        assertThat(backup.damaged()).containsExactly("raw:raw/2026/11/one/a.jpg");
        assertThat(backup.damagedObjects()).isEqualTo(1);
        assertThat(new VerifyBackup(Progress.NONE).verify(later).damages())
                .containsExactly("raw:raw/2026/11/one/a.jpg was damaged in the store already");
    }

    @Test
    void refusesATargetThatIsNotEmpty() throws Exception {
        fixture.backUp(target);
        refused(Failure.Kind.CONFLICT, "is not empty", () -> fixture.backUp(target));
        assertThat(new VerifyBackup(Progress.NONE).verify(target).damages()).isEmpty();

        Path file = Files.createFile(folder.resolve("file"));
        refused(Failure.Kind.CONFLICT, "is not a folder", () -> fixture.backUp(file));
    }

    @Test
    void refusesATargetWithinTheData() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("elsewhere"), fixture.data);

        for (Path within : List.of(fixture.data.resolve("backup"), link.resolve("a/b"), fixture.data)) {
            refused(Failure.Kind.CONFLICT, "within the data folder", () -> fixture.backUp(within));
        }
        assertThat(fixture.data.resolve("backup")).doesNotExist();
    }

    @Test
    void refusesADatabaseWithoutASchema() {
        fixture.sql.sql("drop schema public cascade; create schema public").update();

        refused(Failure.Kind.INVALID, "nothing of Safelight", () -> fixture.backUp(target));
        assertThat(target).doesNotExist();
    }

    @Test
    void leavesNothingOnADiskThatIsTooSmall() {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("small"), 1)) {
            Path there = disk.folder().resolve("backup");
            refused(Failure.Kind.UNAVAILABLE, "has room for", () -> fixture.backUp(there));
            assertThat(there).doesNotExist();
        }
    }

    @Test
    void leavesNothingOnADiskThatFillsUp() throws Exception {
        // More than the database says it is, so that the room is found to be short only while writing.
        fixture.object(DataFixture.ORIGINAL, "x".repeat(40_000_000));
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("small"), 32)) {
            Path there = disk.folder().resolve("backup");
            refused(Failure.Kind.UNAVAILABLE, "No space left", () -> fixture.backUp(there));
            assertThat(there).doesNotExist();
        }
    }

    @Test
    void isTheOnlyOneAndWaitsForNoRemoverForLong() throws SQLException {
        try (Connection other = fixture.database.getConnection();
                var statement = other.createStatement()) {
            statement.execute("select pg_advisory_lock(" + (RemovalLock.KEY + 1) + ")");

            refused(Failure.Kind.BUSY, "Another backup", () -> fixture.backUp(target));
            assertThat(target).doesNotExist();
        }
    }

    @Test
    void failsWhenItsSessionIsLostWhileObjectsAreCopied() throws Exception {
        // The lock is gone with the session, so objects may be gone too: whatever was copied is not to be
        // trusted.
        Progress cut = new Progress() {
            @Override
            public void planned(long bytes) {
                fixture.sql
                        .sql("select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where datname = current_database() and pid <> pg_backend_pid()")
                        .query(Boolean.class)
                        .list();
            }

            @Override
            public void advanced(long bytes) {}
        };

        refused(
                Failure.Kind.UNAVAILABLE,
                "went away during the backup",
                () -> new Backup(fixture.data, "test", InstantSource.system(), cut).run(fixture.database, target));
        assertThat(target).doesNotExist();
    }
}
