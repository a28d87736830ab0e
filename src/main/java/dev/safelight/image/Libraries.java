package dev.safelight.image;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The libvips that does all work, and a second one that only decodes what the first cannot.
final class Libraries {
    /// What the second one may decode: pixels and profiles come over from it, timing and orientation do not.
    private static final Set<MediaType> FROM_OTHERS = Set.of(MediaType.HEIC, MediaType.JXL);

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
        return open(LibraryFinder.candidates(), LibraryFinder.nameOrigin(System.getProperty(LibraryFinder.PROPERTY)));
    }

    /// @param origin the setting that may have named the only candidate
    static Libraries open(List<String> candidates, String origin) {
        for (int i = 0; i < candidates.size(); i++) {
            Optional<Vips> found = load(candidates.get(i));
            if (found.isPresent()) {
                return new Libraries(found.get(), candidates.subList(i + 1, candidates.size()));
            }
        }
        String what = candidates.size() == 1 && !candidates.getFirst().equals(LibraryFinder.SYSTEM_LIBRARY)
                ? origin + " names " + candidates.getFirst() + ", which cannot be loaded as libvips"
                : "No libvips was found to read and write pictures";
        throw new Failure(Failure.Kind.UNAVAILABLE, what + ": \"./run natives\" installs it.");
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
                _ -> (FROM_OTHERS.contains(type) ? all() : Stream.of(primary))
                        .filter(vips -> SamplePictures.reads(vips, type))
                        .findFirst());
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
