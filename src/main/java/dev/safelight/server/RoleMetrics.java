package dev.safelight.server;

import dev.safelight.role.Roles;
import dev.safelight.role.ServerRole;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/// Tells which roles this process has, so that its other figures can be grouped by them.
@Component
final class RoleMetrics implements MeterBinder {
    private final Roles roles;

    RoleMetrics(Roles roles) {
        this.roles = roles;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (ServerRole role : ServerRole.values()) {
            Gauge.builder("safelight.role", () -> roles.has(role) ? 1 : 0)
                    .tag("role", role.text())
                    .register(registry);
        }
    }
}
