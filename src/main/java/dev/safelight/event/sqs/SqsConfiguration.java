package dev.safelight.event.sqs;

import dev.safelight.event.EventMetrics;
import dev.safelight.event.Inbox;
import dev.safelight.event.RefusedNotifications;
import dev.safelight.event.StoreEventParser;
import dev.safelight.job.JobQueue;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes workers read the queue that the settings name.
@Configuration(proxyBeanMethods = false)
class SqsConfiguration {
    @Bean
    @ConditionalOnProperty("safelight.events.sqs.queue-url")
    @OnRole(ServerRole.WORKER)
    SqsSource sqsSource(
            SqsSettings settings,
            StoreEventParser parser,
            Inbox inbox,
            RefusedNotifications refused,
            EventMetrics eventMetrics,
            JobQueue jobs,
            MeterRegistry metrics,
            InstantSource clock) {
        TakeBatch takeBatch = new TakeBatch(parser, inbox, refused, eventMetrics, settings.tries());
        return new SqsSource(settings, takeBatch, jobs, metrics, clock);
    }
}
