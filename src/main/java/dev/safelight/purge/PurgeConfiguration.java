package dev.safelight.purge;

import dev.safelight.job.Retention;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes a process with caches a node, and keeps the lists of nodes and purges bounded.
@Configuration(proxyBeanMethods = false)
class PurgeConfiguration {
    private static final Duration KEPT = Duration.ofDays(7);

    /// A node that was away for longer empties its caches when it comes back.
    @Bean
    Retention forgetOldPurges(PurgeRepository purges, NodeRepository nodes) {
        return new Retention("forget-old-purges", Duration.ofHours(1), () -> {
            nodes.forgetUnseen(KEPT);
            purges.forgetEndedBefore(KEPT);
        });
    }

    @Bean
    @OnRole(ServerRole.DELIVERY)
    NodePurges nodePurges(
            NodeRepository nodes,
            OwnCaches caches,
            @Value("${safelight.render.folder}") Path folder,
            MeterRegistry metrics) {
        return new NodePurges(nodes, caches, new NodeIdentity(folder), metrics);
    }
}
