package dev.safelight.transform;

import dev.safelight.asset.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a URL asks for: a picture, what to do with it, and how to answer.
///
/// @param expires when the URL stops working; absent for never
/// @param fileName for `Content-Disposition`; without control characters and slashes
/// @param attachment whether a browser is to save the answer instead of showing it
/// @param placeholder whether a placeholder is wanted when the picture is missing
/// @param wanted the client hints that the request takes part in
/// @param skip pictures of these types are only written anew when that is also the type of the answer
/// @param asked the options that the URL itself gives, without those that presets bring
public record ImageRequest(
        Source source,
        Transformation transformation,
        @Nullable Instant expires,
        @Nullable String fileName,
        boolean attachment,
        boolean placeholder,
        Hints wanted,
        List<MediaType> skip,
        Set<Option> asked) {
    public ImageRequest {
        skip = List.copyOf(skip);
        asked = Set.copyOf(asked);
    }

    /// Whether the format is left to negotiation.
    public boolean negotiated() {
        return transformation.output().format() == null;
    }

    /// Whether nothing but presets says what is made, which few requests then share.
    public boolean byPresets() {
        return asked.contains(Option.PRESET) && asked.stream().allMatch(TransformPolicy::isFreeBesidePresets);
    }

    ImageRequest with(Transformation other) {
        return new ImageRequest(source, other, expires, fileName, attachment, placeholder, wanted, skip, asked);
    }
}
