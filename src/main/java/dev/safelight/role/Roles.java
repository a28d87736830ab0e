package dev.safelight.role;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/// What this process does, as `safelight.roles` says.
public record Roles(Set<ServerRole> all) {
    private static final String SETTING = "safelight.roles";

    public Roles {
        all = Set.copyOf(all);
    }

    public static Roles of(Environment environment) {
        return Binder.get(environment)
                .bind(SETTING, Bindable.listOf(String.class))
                .map(Roles::parse)
                .orElseGet(() -> new Roles(EnumSet.allOf(ServerRole.class)));
    }

    /// @throws IllegalArgumentException with a sentence for whoever wrote the setting
    public static Roles parse(List<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(SETTING + " must name at least one of " + allowed() + ".");
        }
        EnumSet<ServerRole> roles = EnumSet.noneOf(ServerRole.class);
        for (String name : names) {
            ServerRole role = Arrays.stream(ServerRole.values())
                    .filter(one -> one.text().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "%s must be some of %s, not \"%s\".".formatted(SETTING, allowed(), name)));
            if (!roles.add(role)) {
                throw new IllegalArgumentException("%s names %s twice.".formatted(SETTING, name));
            }
        }
        return new Roles(roles);
    }

    private static String allowed() {
        return Arrays.stream(ServerRole.values()).map(ServerRole::text).collect(Collectors.joining(", "));
    }

    public boolean has(ServerRole role) {
        return all.contains(role);
    }

    public boolean areAll() {
        return all.size() == ServerRole.values().length;
    }

    /// @param part that can serve one process only, such as `the embedded database`
    /// @param remedy what to set so that several processes can share it
    /// @throws IllegalArgumentException unless this process does everything
    public void requireAllBecauseOf(String part, String remedy) {
        if (!areAll()) {
            throw new IllegalArgumentException(
                    "%s must be all of %s with %s, which no second process can use. To split roles, set %s."
                            .formatted(SETTING, allowed(), part, remedy));
        }
    }
}
