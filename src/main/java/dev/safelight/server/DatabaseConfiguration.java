package dev.safelight.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.safelight.database.LocalPostgres;
import dev.safelight.database.LocalPostgres.Durability;
import dev.safelight.role.Roles;
import java.io.IOException;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The embedded PostgreSQL, unless `spring.datasource.url` names another one.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "spring.datasource.url", matchIfMissing = true, havingValue = "embedded")
class DatabaseConfiguration {
    private static final int CONNECTIONS = 24;

    @Bean
    LocalPostgres localPostgres(ServerSettings settings, Roles roles) throws IOException, InterruptedException {
        roles.requireAllBecauseOf("the embedded database", "spring.datasource.url");
        return LocalPostgres.start(settings.data().resolve("postgres"), Durability.FULL);
    }

    @Bean
    HikariDataSource dataSource(LocalPostgres postgres) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(postgres.jdbcUrl("postgres"));
        pool.setUsername(postgres.user());
        pool.setPassword(postgres.password());
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(2);
        pool.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        pool.setPoolName("database");
        return pool;
    }
}
