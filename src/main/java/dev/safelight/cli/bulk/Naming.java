package dev.safelight.cli.bulk;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the target of a file follows from its name.
///
/// @param fixed holds for all files, where nothing else is known
/// @param pattern read from the name; null where names say nothing
/// @param isOptional whether a name that does not match is uploaded without what it would say
public record Naming(Target fixed, @Nullable NamePattern pattern, boolean isOptional) {
    public static final Naming NONE = new Naming(Target.NONE, null, false);

    /// Empty when the file is not to be uploaded.
    Optional<Target> target(String name, Target listed) {
        Target known = listed.orElse(fixed);
        if (pattern == null) {
            return Optional.of(known);
        }
        Optional<Target> read = pattern.read(name);
        if (read.isEmpty()) {
            return isOptional ? Optional.of(known) : Optional.empty();
        }
        return Optional.of(listed.orElse(read.get()).orElse(fixed));
    }
}
