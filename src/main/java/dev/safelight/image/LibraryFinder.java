package dev.safelight.image;

import dev.safelight.natives.NativesFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a libvips may be, best first: named by the operator, unpacked by `./run natives`, installed in the system.
final class LibraryFinder {
    static final String PROPERTY = "safelight.libvips";
    static final String VARIABLE = "SAFELIGHT_LIBVIPS";

    static final String SYSTEM_LIBRARY = "libvips.so.42";

    private LibraryFinder() {}

    static List<String> candidates() {
        return candidates(System.getProperty(PROPERTY), System.getenv());
    }

    /// The setting that names a library: the property goes first.
    static String nameOrigin(@Nullable String property) {
        return property == null ? VARIABLE : PROPERTY;
    }

    /// A library that is named is the only one, so that an operator can rule out the second.
    static List<String> candidates(@Nullable String property, Map<String, String> environment) {
        String named = property == null ? environment.get(VARIABLE) : property;
        if (named != null && !named.isBlank()) {
            return List.of(named);
        }
        List<String> candidates = new ArrayList<>();
        // Where `./run natives` unpacks it.
        NativesFolder.of("libvips", environment)
                .flatMap(LibraryFinder::prebuilt)
                .ifPresent(file -> candidates.add(file.toString()));
        candidates.add(SYSTEM_LIBRARY);
        return candidates;
    }

    private static Optional<Path> prebuilt(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("libvips-cpp.so"))
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
