package dev.safelight.role;

import java.util.Arrays;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/// Holds where this process has one of the roles that [OnRole] names.
final class RoleCondition implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Roles roles = Roles.of(context.getEnvironment());
        ServerRole[] wanted = metadata.getAnnotations().get(OnRole.class).getEnumArray("value", ServerRole.class);
        return Arrays.stream(wanted).anyMatch(roles::has);
    }
}
