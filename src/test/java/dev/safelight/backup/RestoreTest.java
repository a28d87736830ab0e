package dev.safelight.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.database.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class RestoreTest {
    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private DataFixture fixture;

    private Path backup = Path.of("");
    private Path restored = Path.of("");

    @BeforeEach
    void backUp() throws Exception {
        fixture = new DataFixture(folder);
        backup = folder.resolve("backup");
        restored = folder.resolve("restored");
        Files.createDirectories(restored);
    }

    private void restore() throws InterruptedException {
        new Restore(restored, Progress.NONE).run(backup);
    }

    private void refused(Failure.Kind kind, String words) throws IOException {
        assertThatThrownBy(this::restore)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
        assertThat(restored).isEmptyDirectory();
    }

    private static Map<String, List<String>> rows(JdbcClient sql) {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String table : sql.sql("select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list()) {
            rows.put(
                    table,
                    sql.sql("select t::text from " + table + " t order by 1")
                            .query(String.class)
                            .list());
        }
        return rows;
    }

    @Test
    void bringsBackAllRowsAndObjectsAndLetsJobsRunAgain() throws Exception {
        fixture.backUp(backup);
        restore();

        Path original = restored.resolve("store/objects").resolve(DataFixture.ORIGINAL);
        Path source = fixture.data.resolve("store/objects").resolve(DataFixture.ORIGINAL);
        assertThat(original).hasSameBinaryContentAs(source);
        assertThat(DataFixture.attribute(original)).isEqualTo("image/jpeg");
        assertThat(Files.getLastModifiedTime(original)).isEqualTo(Files.getLastModifiedTime(source));
        assertThat(restored.resolve("admin.key")).hasContent("sl_secret");
        assertThat(restored.resolve("store/keys.properties")).hasContent("worker.access=SL1");
        assertThat(restored.resolve("restoring")).doesNotExist();

        Map<String, List<String>> expected = rows(fixture.sql);
        try (LocalPostgres postgres =
                LocalPostgres.start(restored.resolve("postgres"), LocalPostgres.Durability.NONE)) {
            JdbcClient sql = JdbcClient.create(postgres.dataSource("postgres"));
            Map<String, List<String>> found = rows(sql);
            List<String> changed = List.of("scheduled_tasks", "job_run", "orphan");
            changed.forEach(table -> {
                expected.remove(table);
                found.remove(table);
            });
            assertThat(found).isEqualTo(expected);
            assertThat(sql.sql("select picked from scheduled_tasks where task_instance = 'x'")
                            .query(Boolean.class)
                            .single())
                    .isFalse();
            assertThat(sql.sql("select outcome from job_run order by id")
                            .query(String.class)
                            .list())
                    .containsExactly("LOST", "SUCCEEDED");
            assertThat(sql.sql("select count(*) from orphan").query(Long.class).single())
                    .isZero();
            assertThat(sql.sql(
                                    "insert into job_run (kind, instance, outcome, started_at) values ('a', 'b', 'DEAD', now())"
                                            + " returning id")
                            .query(Long.class)
                            .single())
                    .isEqualTo(3);
        }
    }

    @Test
    void refusesWhatIsNoFinishedBackup() throws Exception {
        refused(Failure.Kind.INVALID, "There is no");
        Files.createDirectories(backup.resolve("database"));
        refused(Failure.Kind.INVALID, "not finished");
    }

    @Test
    void refusesADamagedManifest() throws Exception {
        fixture.backUp(backup);
        Path manifest = backup.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"objects\" : 2", "\"objects\" : 1"));

        refused(Failure.Kind.UNREADABLE, "manifest of the backup is damaged");
    }

    @Test
    void refusesAndNamesADamagedFile() throws Exception {
        fixture.backUp(backup);
        Files.writeString(backup.resolve("database/public.asset.copy"), "");

        refused(Failure.Kind.INVALID, "database/public.asset.copy is damaged");
        assertThat(new VerifyBackup(Progress.NONE).verify(backup).damages())
                .containsExactly("database/public.asset.copy is damaged");
    }

    @Test
    void refusesAndNamesDamagedAndMissingObjects() throws Exception {
        fixture.backUp(backup);
        Files.writeString(backup.resolve("objects").resolve(DataFixture.ORIGINAL), "AN ORIGINAL");
        Files.delete(backup.resolve("objects").resolve(DataFixture.VARIANT));

        refused(Failure.Kind.INVALID, "raw:raw/2026/11/one/a.jpg is damaged");
        assertThat(new VerifyBackup(Progress.NONE).verify(backup).damages())
                .containsExactlyInAnyOrder(
                        "raw:raw/2026/11/one/a.jpg is damaged",
                        "processed:processed/image/one/v1/small-320w.webp is missing");
    }

    @Test
    void refusesAFolderWithAnythingInIt() throws Exception {
        fixture.backUp(backup);
        Path other = Files.writeString(restored.resolve("photo.jpg"), "mine");

        assertThatThrownBy(this::restore).isInstanceOf(Failure.class).hasMessageContaining("is not empty");
        assertThat(other).hasContent("mine");
        assertThat(restored.resolve("restoring")).doesNotExist();
    }

    @Test
    void beginsAnewWhereOneWasCutOff() throws Exception {
        fixture.backUp(backup);
        Files.createDirectories(restored.resolve("restoring/postgres"));
        Files.createDirectories(restored.resolve("store/objects/raw"));
        Files.writeString(restored.resolve("store/objects/raw/half"), "");

        restore();

        assertThat(restored.resolve("store/objects/raw/half")).doesNotExist();
        assertThat(restored.resolve("store/objects").resolve(DataFixture.VARIANT))
                .hasContent("a variant");
        assertThat(restored.resolve("restoring")).doesNotExist();
    }
}
