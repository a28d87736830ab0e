package dev.safelight.job;

import dev.safelight.asset.Space;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// Makes this process a worker of the queue when its roles say so.
@Configuration(proxyBeanMethods = false)
class JobConfiguration {
    private static final String EMBEDDED = "embedded";
    private static final Duration RUNS_KEPT = Duration.ofDays(30);
    private static final Duration DEAD_KEPT = Duration.ofDays(90);

    /// @param workerName as it shows in the queue, unique among all processes; by default made of host and
    ///     process
    /// @param atOnce jobs that run side by side, 1 to 64
    /// @param weights of spaces, 1 to 100: while all wait, an owner in a space with the weight 3 gets three
    ///     turns for each turn of one in a space with the weight 1, which is what those have that are not
    ///     named
    /// @param heartbeat how often a worker says that it is alive, 1 s to 1 min. The jobs of one that was
    ///     killed are taken up by others after four that were missed, and six at most
    /// @param drain how long jobs may go on when the process is told to stop, 0 s to 10 min; those that take
    ///     longer are interrupted, and run again elsewhere
    @ConfigurationProperties("safelight.jobs")
    record Settings(
            @Nullable String workerName,
            @DefaultValue("4") int atOnce,
            @DefaultValue Map<Space, Integer> weights,
            @DefaultValue("5s") Duration heartbeat,
            @DefaultValue("20s") Duration drain) {
        Settings {
            weights = Map.copyOf(weights);
            require(heartbeat, "heartbeat", Duration.ofSeconds(1), Duration.ofMinutes(1));
            require(drain, "drain", Duration.ZERO, Duration.ofMinutes(10));
            if (atOnce < 1 || atOnce > 64) {
                throw new IllegalArgumentException("safelight.jobs.at-once must be 1 to 64, not " + atOnce);
            }
        }
    }

    private static void require(Duration given, String name, Duration least, Duration most) {
        if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
            throw new IllegalArgumentException("safelight.jobs.%s must be %ds to %dm, not %s"
                    .formatted(name, least.toSeconds(), most.toMinutes(), given));
        }
    }

    /// Whether this process takes jobs, where it should; it does not while it stops.
    @Bean
    HealthIndicator workerHealthIndicator(ObjectProvider<JobWorker> worker) {
        return () -> (worker.stream().allMatch(JobWorker::isRunning) ? Health.up() : Health.down()).build();
    }

    @Bean
    FairShare fairShare(Settings settings) {
        return new FairShare(settings.weights());
    }

    @Bean
    RetryPolicy retryPolicy() {
        return RetryPolicy.DEFAULT;
    }

    @Bean
    Retention forgetOldRuns(JobRepository repository, InstantSource clock) {
        return new Retention("forget-old-runs", Duration.ofHours(6), () -> {
            repository.forgetRunsBefore(clock.instant().minus(RUNS_KEPT));
            repository.forgetDeadBefore(clock.instant().minus(DEAD_KEPT));
        });
    }

    @Bean
    @OnRole(ServerRole.WORKER)
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
        // that whatever is picked under the common one was left by a run that is over.
        boolean alone = EMBEDDED.equals(environment.getProperty("spring.datasource.url", EMBEDDED));
        String name = alone ? EMBEDDED : nameOf(settings);
        return new JobWorker(
                new JobWorker.Habits(name, alone, settings.atOnce(), settings.heartbeat(), settings.drain()),
                dataSource,
                queue,
                repository,
                attempt,
                handlers,
                rounds);
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
