package dev.safelight.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class LoadRepositoryTest {
    @TempDir
    Path folder = Path.of("");

    private final DataSource empty = TestDatabase.fresh().dataSource();

    @SuppressWarnings("NullAway.Init")
    private DataFixture fixture;

    private Path backup = Path.of("");

    @BeforeEach
    void prepare() {
        fixture = new DataFixture(folder);
        backup = folder.resolve("backup");
    }

    private void load(Manifest manifest) throws IOException, SQLException {
        new LoadRepository(empty).load(new BackupFolder(backup), manifest);
    }

    private void refused(Manifest manifest, Failure.Kind kind, String words) {
        assertThatThrownBy(() -> load(manifest))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }

    @Test
    void migratesABackupOfAnEarlierRelease() throws Exception {
        TestDatabase old = TestDatabase.fresh();
        Flyway.configure().dataSource(old.dataSource()).target("1").load().migrate();
        JdbcClient.create(old.dataSource())
                .sql(
                        "insert into api_key values ('00000000-0000-0000-0000-000000000001', 'k', '', '{admin}', now(), null)")
                .update();
        Flyway.configure().dataSource(old.dataSource()).target("4").load().migrate();
        Manifest manifest =
                new Backup(fixture.data, "old", InstantSource.system(), Progress.NONE).run(old.dataSource(), backup);
        assertThat(manifest.schema()).isEqualTo("4");
        load(manifest);

        assertThat(JdbcClient.create(empty)
                        .sql("select name || ' ' || limits from api_key")
                        .query(String.class)
                        .single())
                .isEqualTo("k {}");
    }

    @Test
    void refusesABackupOfALaterRelease() throws Exception {
        fixture.sql
                .sql(
                        "insert into flyway_schema_history select 1000, '1000', description, type, script, checksum,"
                                + " installed_by, installed_on, execution_time, true from flyway_schema_history where version = '1'")
                .update();
        Manifest manifest = fixture.backUp(backup);

        refused(manifest, Failure.Kind.UNSUPPORTED, "the database schema 1000, which this version does not know");
    }

    @Test
    void refusesTablesThatDoNotBelongToTheSchema() throws Exception {
        fixture.sql.sql("create table foreign_one (id int)").update();
        Manifest manifest = fixture.backUp(backup);

        refused(manifest, Failure.Kind.INVALID, "foreign_one");
    }

    @Test
    void refusesRowsThatReferToNothing() throws Exception {
        fixture.sql
                .sql("set session_replication_role = replica; delete from asset")
                .update();
        Manifest manifest = fixture.backUp(backup);

        assertThatThrownBy(() -> load(manifest))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("foreign key");
    }
}
