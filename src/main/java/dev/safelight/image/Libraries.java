package dev.safelight.image;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The libvips that does all work, and a second one that only decodes what the first cannot.
final class Libraries {
    private final Vips primary;
    private final List<String> others;
    private final Map<MediaType, Optional<Vips>> readers = new ConcurrentHashMap<>();
    private final Map<String, Optional<Vips>> loaded = new ConcurrentHashMap<>();

    private Libraries(Vips primary, List<String> others) {
        this.primary = primary;
        this.others = others;
    }

    /// Opens the first usable library; further ones wait until a format needs them, as the system's libvips brings a
    /// hundred shared objects along.
    ///
    /// @throws Failure unavailable, when there is none
    static Libraries open() {
        return open(LibraryFinder.candidates());
    }

    static Libraries open(List<String> candidates) {
        for (int i = 0; i < candidates.size(); i++) {
            Optional<Vips> found = load(candidates.get(i));
            if (found.isPresent()) {
                return new Libraries(found.get(), candidates.subList(i + 1, candidates.size()));
            }
        }
        throw new Failure(
                Failure.Kind.UNAVAILABLE,
                "No libvips was found to read and write pictures: \"./run natives\" installs it.");
    }

    private static Optional<Vips> load(String file) {
        try {
            return Optional.of(Vips.load(file));
        } catch (IllegalArgumentException | UnsatisfiedLinkError _) {
            return Optional.empty();
        }
    }

    Vips primary() {
        return primary;
    }

    /// Every library that can be loaded, the primary one first.
    Stream<Vips> all() {
        return Stream.concat(Stream.of(primary), others.stream().flatMap(file -> other(file).stream()));
    }

    /// The library that decodes a type.
    ///
    /// @throws ImageRejected unsupported, when none does
    Vips readerOf(MediaType type) throws ImageRejected {
        return find(type)
                .orElseThrow(() -> new ImageRejected(
                        Reason.UNSUPPORTED, "Pictures of type " + type + " cannot be read by this installation."));
    }

    Optional<Vips> find(MediaType type) {
        return readers.computeIfAbsent(
                type,
                _ -> all().filter(vips -> SamplePictures.reads(vips, type)).findFirst());
    }

    /// Tells each library in use that the calling thread ends.
    void endThread() {
        primary.endThread();
        loaded.values().forEach(vips -> vips.ifPresent(Vips::endThread));
    }

    private Optional<Vips> other(String file) {
        return loaded.computeIfAbsent(file, Libraries::load);
    }
}
