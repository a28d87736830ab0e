package dev.safelight.image;

import dev.safelight.asset.MediaType;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What the installed libraries can do, found out by decoding and encoding tiny pictures.
///
/// @param libraries the one that does the work first, then those that only decode what it cannot
/// @param readable by any of them
/// @param writable by the first
/// @param advice one sentence for each thing that is missing
public record LibraryReport(
        List<Library> libraries, Set<MediaType> readable, Set<MediaType> writable, List<String> advice) {

    /// A loaded library.
    ///
    /// @param file the path or name it was loaded by
    public record Library(String file, String version) {}

    public LibraryReport {
        libraries = List.copyOf(libraries);
        readable = Set.copyOf(readable);
        writable = Set.copyOf(writable);
        advice = List.copyOf(advice);
    }

    static LibraryReport of(Libraries libraries) {
        Set<MediaType> readable = EnumSet.noneOf(MediaType.class);
        Set<MediaType> unreadable = EnumSet.noneOf(MediaType.class);
        for (Reader reader : Reader.values()) {
            Optional<Vips> vips = libraries.find(reader.mediaType());
            (vips.isPresent() ? readable : unreadable).add(reader.mediaType());
        }
        Set<MediaType> writable = EnumSet.noneOf(MediaType.class);
        Set<MediaType> unwritable = EnumSet.noneOf(MediaType.class);
        for (MediaType type : List.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.AVIF)) {
            (Encoder.writes(libraries.primary(), type) ? writable : unwritable).add(type);
        }
        return new LibraryReport(
                libraries
                        .all()
                        .map(vips -> new Library(vips.file(), vips.version()))
                        .toList(),
                readable,
                writable,
                Stream.concat(
                                unreadable.stream()
                                        .map(
                                                type -> type
                                                        + " cannot be read: \"./run natives --heif\" installs a library that can."),
                                unwritable.stream()
                                        .map(type -> type
                                                + " cannot be written: \"./run natives\" installs a library that can."))
                        .toList());
    }
}
