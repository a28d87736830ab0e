package dev.safelight.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.TestDatabase;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class MigrationTest {
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
