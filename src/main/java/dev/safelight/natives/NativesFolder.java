package dev.safelight.natives;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The folder of native programs and libraries: what `SAFELIGHT_NATIVES` names, or one in the user's cache.
public final class NativesFolder {
    private static final String VARIABLE = "SAFELIGHT_NATIVES";

    private NativesFolder() {}

    /// The place of one of them; none for a user without a home.
    public static Optional<Path> of(String name, Map<String, String> environment) {
        return natives(environment).map(folder -> folder.resolve(name));
    }

    private static Optional<Path> natives(Map<String, String> environment) {
        String named = environment.get(VARIABLE);
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        String cache = environment.get("XDG_CACHE_HOME");
        String home = environment.get("HOME");
        return Optional.ofNullable(cache)
                .map(Path::of)
                .or(() -> Optional.ofNullable(home).map(folder -> Path.of(folder, ".cache")))
                .map(folder -> folder.resolve("safelight").resolve("natives"));
    }
}
