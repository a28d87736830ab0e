package dev.safelight.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class MigrationTest {
    @Test
    void findsPicturesOfAnArticleAndWhatIsDueByIndex() {
        DataSource database = TestDatabase.fresh().dataSource();
        Flyway.configure().dataSource(database).load().migrate();

        assertThat(plan(database, """
                        select id from asset where metadata ->> 'sku' = 'a' and metadata ->> 'role' = 'b'
                        order by id desc limit 1
                        """)).contains("asset_sku").doesNotContain("Sort");
        assertThat(plan(database, """
                        select * from scheduled_tasks where picked = false and execution_time <= now()
                        order by priority desc, execution_time limit 10
                        """)).contains("scheduled_tasks_turn").doesNotContain("Sort");
        assertThat(plan(database, """
                        select id from upload
                        where state <> 'RECEIVED' and check_at <= now() and created_at < now() - interval '20 s'
                        order by check_at limit 500 for update skip locked
                        """)).contains("upload_silent", "Index Cond: (check_at <=");
    }

    /// As if the tables were large: an index is used if there is one that serves.
    private static String plan(DataSource database, String query) {
        JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection(database), true));
        jdbc.sql("set enable_seqscan = off").update();
        // Of tables so small, planners sort rather than read an index in its order.
        jdbc.sql("set enable_sort = off").update();
        return String.join(
                "\n", jdbc.sql("explain " + query).query(String.class).list());
    }

    private static Connection connection(DataSource database) {
        try {
            return database.getConnection();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void keepsTheVariantsOfEarlierReleasesWhereTheyAre() {
        DataSource database = TestDatabase.fresh().dataSource();
        Flyway.configure().dataSource(database).target("1").load().migrate();
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("""
                insert into api_key values ('00000000-0000-0000-0000-000000000001', 'k', '', '{admin}', now(), null);
                insert into asset values ('00000000-0000-0000-0000-000000000002', 'product',
                    '00000000-0000-0000-0000-000000000001', '{}', 1, now());
                insert into asset_version (asset_id, version, status, moderation, file_name, declared_type, original_key,
                    original_bytes, facts, created_at)
                values ('00000000-0000-0000-0000-000000000002', 1, 'READY', 'approved', 'a.jpg', 'image/jpeg', 'k', 1,
                    '{"kind":"image","mediaType":"image/jpeg","width":4,"height":3,"frames":1,"hasAlpha":false}', now());
                insert into variant values ('00000000-0000-0000-0000-000000000002', 1, 'thumb', 'WEBP', 4, 3, 9,
                    'PUBLIC', 'processed/a', 'e', 'r', now());
                """).update();

        Flyway.configure().dataSource(database).load().migrate();

        assertThat(jdbc.sql("select object_key || ' ' || purpose from variant")
                        .query(String.class)
                        .single())
                .isEqualTo("processed/a delivery");
        String facts =
                jdbc.sql("select facts from asset_version").query(String.class).single();
        assertThat(FactsJson.read(facts)).hasFieldOrPropertyWithValue("converted", false);
    }
}
