package dev.safelight.purge;

import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes a process with caches a node.
@Configuration(proxyBeanMethods = false)
class PurgeConfiguration {
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
