package dev.safelight.job;

import java.net.InetAddress;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// Makes this process a worker of the queue when its roles say so.
@Configuration(proxyBeanMethods = false)
class JobConfiguration {
    private static final String EMBEDDED = "embedded";

    /// @param worker whether this process runs jobs
    /// @param workerName as it shows in the queue, unique among all processes; by default made of host and process
    /// @param atOnce jobs that run side by side, 1 to 64
    @ConfigurationProperties("safelight.jobs")
    record Settings(
            @DefaultValue("true") boolean worker,
            @Nullable String workerName,
            @DefaultValue("4") int atOnce) {
        Settings {
            if (atOnce < 1 || atOnce > 64) {
                throw new IllegalArgumentException("safelight.jobs.at-once must be 1 to 64, not " + atOnce);
            }
        }
    }

    @Bean
    RetryPolicy retryPolicy() {
        return RetryPolicy.DEFAULT;
    }

    @Bean
    @ConditionalOnProperty(name = "safelight.jobs.worker", matchIfMissing = true)
    JobWorker jobWorker(
            Settings settings,
            Environment environment,
            DataSource dataSource,
            JobQueue queue,
            JobRepository repository,
            JobAttempt attempt,
            List<JobHandler> handlers,
            List<RecurringJob> rounds) {
        // An embedded database is used by one process at a time, which therefore needs no name of its own and knows
        // that
        // whatever is picked under the common one was left by a run that is over.
        boolean alone = environment.getProperty("spring.datasource.url") == null;
        String name = alone ? EMBEDDED : nameOf(settings);
        return new JobWorker(name, alone, settings.atOnce(), dataSource, queue, repository, attempt, handlers, rounds);
    }

    private static String nameOf(Settings settings) {
        String given = settings.workerName();
        if (given != null) {
            return given;
        }
        String host = InetAddress.getLoopbackAddress().getHostName();
        String name = System.getenv("HOSTNAME");
        return "%s-%d-%s"
                .formatted(
                        name == null ? host : name,
                        ProcessHandle.current().pid(),
                        UUID.randomUUID().toString().substring(0, 8));
    }
}
