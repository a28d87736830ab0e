package dev.safelight.purge.edge;

import dev.safelight.purge.TagField;
import dev.safelight.purge.edge.EdgeTarget.Way;
import dev.safelight.role.OnRole;
import dev.safelight.role.Roles;
import dev.safelight.role.ServerRole;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// Warns at the start of edges that are told of tags that no answer names: they take such a purge, and
/// forget nothing.
///
/// Only a process that delivers, too, knows what answers name.
@Component
@OnRole(ServerRole.WORKER)
final class CheckCacheTags implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(CheckCacheTags.class);
    private static final String FIELDS = "safelight.delivery.cache-tags";

    private final Edges edges;
    private final Environment environment;

    CheckCacheTags(Edges edges, Environment environment) {
        this.edges = edges;
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!Roles.of(environment).has(ServerRole.DELIVERY)) {
            return;
        }
        List<TagField> named = Binder.get(environment)
                .bind(FIELDS, Bindable.listOf(TagField.class))
                .orElse(List.of());
        for (Edge edge : edges.all()) {
            Set<TagField> read = edge.kind().tagFields();
            if (edge.api().ways().contains(Way.TAG) && named.stream().noneMatch(read::contains)) {
                LOG.warn(
                        "safelight.purge.edges.{} purges by cache tags, and {} does not name {}: it will keep what it"
                                + " is told to forget",
                        edge.name(),
                        FIELDS,
                        texts(read));
            }
        }
    }

    private static String texts(Set<TagField> fields) {
        return fields.stream()
                .map(field -> field.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .sorted()
                .collect(Collectors.joining(" or "));
    }
}
