package dev.safelight.job;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes this process a worker of the queue when its roles say so.
@Configuration(proxyBeanMethods = false)
class JobConfiguration {

    /// @param worker whether this process runs jobs
    /// @param workerName shown in the queue; unique among all processes
    /// @param exclusive whether this process is known to be the only one with its name
    /// @param atOnce jobs that run side by side, 1 to 64
    @ConfigurationProperties("safelight.jobs")
    record Settings(
            @DefaultValue("true") boolean worker,
            @DefaultValue("embedded") String workerName,
            @DefaultValue("true") boolean exclusive,
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
            DataSource dataSource,
            JobQueue queue,
            JobRepository repository,
            JobAttempt attempt,
            List<JobHandler> handlers,
            List<RecurringJob> rounds) {
        return new JobWorker(
                settings.workerName(),
                settings.exclusive(),
                settings.atOnce(),
                dataSource,
                queue,
                repository,
                attempt,
                handlers,
                rounds);
    }
}
