package dev.safelight.usage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Space;
import dev.safelight.testing.TestDatabase;
import dev.safelight.usage.UsageRepository.UsageDay;
import dev.safelight.usage.UsageSettings.Price;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// How usage is counted in the database, summed up and priced.
class UsageTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 4, 10);
    private static final UsageSettings SETTINGS = new UsageSettings(
            "EUR",
            new Price(BigDecimal.ONE, null, new BigDecimal("0.5")),
            Map.of(Space.USER, Map.of(Feature.RAW, new Price(BigDecimal.TEN, BigDecimal.TWO, null))),
            Duration.ofSeconds(5));

    private final DataSource database = TestDatabase.fresh(
                    "migrated_usage",
                    source -> Flyway.configure().dataSource(source).load().migrate())
            .dataSource();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final UsageRepository usage = new UsageRepository(jdbc);
    private final AtomicReference<LocalDate> today = new AtomicReference<>(TODAY);
    private final SumUpUsage summing = new SumUpUsage(
            usage,
            new TransactionTemplate(new DataSourceTransactionManager(database)),
            () -> requireNonNull(today.get()).atTime(12, 0).toInstant(ZoneOffset.UTC));

    UsageTest() {
        jdbc.sql("""
                insert into api_key values ('00000000-0000-0000-0000-000000000001', 'k', '', '{admin}', now(), null);
                insert into asset (id, space, owner, created_at) values ('00000000-0000-0000-0000-000000000002', 'user',
                    '00000000-0000-0000-0000-000000000001', now());
                insert into asset_version (asset_id, version, status, moderation, file_name, declared_type, original_key,
                    original_bytes, created_at, started_at)
                values ('00000000-0000-0000-0000-000000000002', 1, 'PROCESSING', 'pending', 'a.jpg', 'image/jpeg', 'k',
                    1, now(), now());
                insert into upload (id, asset_id, version, owner, request_hash, object_key, content_type, bytes, state,
                    created_at, expires_at, method, space)
                values ('00000000-0000-0000-0000-000000000003', '00000000-0000-0000-0000-000000000002', 1,
                    '00000000-0000-0000-0000-000000000001', '', 'k', 'image/jpeg', 900, 'PENDING', now(), now(), 'POST',
                    'user');
                """).update();
    }

    private void variant(String name, long bytes, String purpose) {
        jdbc.sql("""
                insert into variant (asset_id, version, name, format, width, height, bytes, bucket, key, object_key, etag,
                    recipe, purpose, created_at)
                values ('00000000-0000-0000-0000-000000000002', 1, :name, 'WEBP', 4, 3, :bytes, 'USER', :name, :name,
                    'e', 'r', :purpose, now())
                """)
                .param("name", name)
                .param("bytes", bytes)
                .param("purpose", purpose)
                .update();
    }

    private UsageDay day(LocalDate day, Feature feature) {
        return usage.days(day, day, Space.USER).stream()
                .filter(one -> one.feature() == feature)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsWhatIsStoredAndRemovedAsItHappens() {
        variant("a", 10, "delivery");
        variant("b", 20, "delivery");
        variant("m", 100, "source");
        jdbc.sql("update upload set received_at = now(), bytes = 1000, state = 'RECEIVED'")
                .update();
        summing.run();
        assertThat(day(TODAY, Feature.VARIANTS).storedBytes()).isEqualTo(30);
        assertThat(day(TODAY, Feature.VARIANTS).storedObjects()).isEqualTo(2);
        assertThat(day(TODAY, Feature.MEZZANINES).storedBytes()).isEqualTo(100);
        assertThat(day(TODAY, Feature.RAW).storedBytes()).isEqualTo(1000);

        jdbc.sql("delete from variant where name = 'a'").update();
        jdbc.sql("update upload set removed_at = now()").update();
        jdbc.sql("update upload set removed_at = now() where removed_at is not null")
                .update();
        summing.run();
        assertThat(day(TODAY, Feature.VARIANTS).storedBytes()).isEqualTo(20);
        assertThat(day(TODAY, Feature.RAW).storedBytes()).isZero();
        assertThat(day(TODAY, Feature.RAW).storedObjects()).isZero();

        jdbc.sql("delete from asset").update();
        summing.run();
        assertThat(day(TODAY, Feature.VARIANTS).storedObjects())
                .as("with the asset")
                .isZero();
        assertThat(day(TODAY, Feature.RAW).storedObjects()).isZero();
    }

    @Test
    void countsAVersionThatBecomesReadyOnce() {
        jdbc.sql("update asset_version set status = 'READY', ended_at = started_at + interval '3 seconds'")
                .update();
        jdbc.sql("update asset_version set status = 'READY'").update();
        summing.run();
        summing.run();
        assertThat(day(TODAY, Feature.PROCESSING).processed()).isEqualTo(1);
        assertThat(day(TODAY, Feature.PROCESSING).seconds()).isEqualTo(3);
    }

    @Test
    void daysWhichNobodyCountedAreAsTheDayBefore() {
        variant("a", 10, "delivery");
        summing.run();
        today.set(TODAY.plusDays(3));
        variant("b", 5, "delivery");
        summing.run();

        assertThat(usage.days(TODAY, TODAY.plusDays(3), Space.USER).stream()
                        .filter(day -> day.feature() == Feature.VARIANTS))
                .extracting(UsageDay::storedBytes)
                .containsExactly(10L, 10L, 10L, 15L);
    }

    @Test
    void addsTrafficUpAndKeepsItWhenTheDatabaseIsAway() {
        Traffic traffic = new Traffic();
        traffic.request(Space.PRODUCT, Feature.DERIVED);
        traffic.bytes(Space.PRODUCT, Feature.DERIVED, 70);
        var broken = new org.postgresql.ds.PGSimpleDataSource();
        broken.setUrl("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1");
        new FlushTraffic(traffic, new UsageRepository(JdbcClient.create(broken)), SETTINGS, Instant::now).flush();

        FlushTraffic flush = new FlushTraffic(
                traffic, usage, SETTINGS, () -> TODAY.atTime(1, 0).toInstant(java.time.ZoneOffset.UTC));
        flush.flush();
        flush.flush();
        traffic.bytes(Space.PRODUCT, Feature.DERIVED, 5);
        flush.stop();

        UsageDay day = usage.days(TODAY, TODAY, Space.PRODUCT).getFirst();
        assertThat(day.egressBytes()).isEqualTo(75);
        assertThat(day.requests()).isEqualTo(1);
    }

    @Test
    void pricesDaysAsPartsOfTheirMonth() {
        List<UsageDay> days = List.of(
                new UsageDay(TODAY, Space.USER, Feature.RAW, 30_000_000_000L, 3, 500_000_000, 20_000, 0, 0),
                new UsageDay(TODAY.plusDays(1), Space.USER, Feature.RAW, 60_000_000_000L, 6, 0, 0, 0, 0));

        UsageReport report = UsageReport.of(TODAY, TODAY.plusDays(1), true, days, new PriceTable(SETTINGS));

        UsageReport.Line line = report.lines().getFirst();
        assertThat(report.lines()).hasSize(1);
        assertThat(line.period()).isEqualTo("2026-04");
        assertThat(line.storedBytes()).isEqualTo(45_000_000_000L);
        assertThat(line.storedObjects()).isEqualTo(6);
        // 10 for a GB and month: 30 GB and 60 GB for a thirtieth of it each.
        assertThat(line.storageCost()).isEqualByComparingTo("30");
        assertThat(line.egressCost()).isEqualByComparingTo("1");
        assertThat(line.requestCost()).as("the general price").isEqualByComparingTo("1");
        assertThat(report.total()).isEqualByComparingTo("32");
        assertThat(UsageController.csv(report).lines().toList())
                .element(1)
                .asString()
                .startsWith("2026-04,user,raw,45000000000,6,500000000,20000,0,0.000,30.000000,")
                .endsWith(",EUR");
    }
}
