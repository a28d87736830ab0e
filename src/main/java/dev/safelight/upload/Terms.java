package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.access.KeyLimits;
import dev.safelight.access.UploadSession;
import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a caller may upload to a space: the strictest of what the space, the key and the browser session
/// allow.
///
/// @param maxPixels null for no limit but the image engine's
/// @param maxDuration null for no limit
record Terms(
        Space space,
        List<MediaType> types,
        long maxBytes,
        @Nullable Long maxPixels,
        @Nullable Duration maxDuration) {

    static Terms of(Space space, UploadSettings.Policy policy, Caller caller) {
        Terms terms = new Terms(
                space,
                policy.types(),
                policy.maxBytes().toBytes(),
                policy.maxPixels() == 0 ? null : policy.maxPixels(),
                policy.maxDuration().isZero() ? null : policy.maxDuration());
        Terms ofKey = terms.narrowed(caller.limits());
        return caller.session() == null ? ofKey : ofKey.narrowed(caller.session());
    }

    private Terms narrowed(UploadSession session) {
        var wanted = session.types();
        return new Terms(
                space,
                types.stream()
                        .filter(type -> wanted == null || wanted.contains(type))
                        .toList(),
                session.maxBytes() == null ? maxBytes : Math.min(maxBytes, session.maxBytes()),
                maxPixels,
                maxDuration);
    }

    private Terms narrowed(KeyLimits key) {
        return new Terms(
                space,
                types.stream().filter(key::allows).toList(),
                key.maxBytes() == null ? maxBytes : Math.min(maxBytes, key.maxBytes()),
                least(maxPixels, key.maxPixels()),
                least(maxDuration, key.maxDuration()));
    }

    private static <T extends Comparable<T>> @Nullable T least(@Nullable T one, @Nullable T other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) <= 0 ? one : other;
    }

    /// What only the content will show.
    ContentLimits content() {
        return new ContentLimits(maxPixels, maxDuration);
    }

    /// Refuses what can be told from the request alone.
    ///
    /// @return the type of the content
    MediaType admit(UploadRequest request) {
        MediaType type = admitType(request);
        admitSize(request.size());
        Long width = request.width();
        Long height = request.height();
        if (maxPixels != null && width != null && height != null && width > maxPixels / height) {
            throw new Failure(
                    Failure.Kind.TOO_LARGE,
                    Reason.TOO_LARGE,
                    "The picture has %d × %d pixels; at most %d are allowed to you in the space \"%s\"."
                            .formatted(width, height, maxPixels, space));
        }
        Double duration = request.duration();
        if (duration != null && !Double.isFinite(duration)) {
            throw new Failure(Failure.Kind.INVALID, "duration must be a number of seconds.");
        }
        if (maxDuration != null && duration != null && duration * 1000 > maxDuration.toMillis()) {
            throw new Failure(
                    Failure.Kind.TOO_LARGE,
                    Reason.TOO_LARGE,
                    "The video is %s seconds long; at most %d are allowed to you in the space \"%s\"."
                            .formatted(duration, maxDuration.toSeconds(), space));
        }
        return type;
    }

    private MediaType admitType(UploadRequest request) {
        MediaType type = MediaType.parse(request.contentType())
                .filter(types::contains)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.UNSUPPORTED,
                        Reason.UNSUPPORTED,
                        "The space \"%s\" does not take \"%s\" from you; allowed are %s."
                                .formatted(space, request.contentType(), join(types))));
        MediaType.ofFileName(request.fileName())
                .filter(byName -> byName != type)
                .ifPresent(byName -> {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            Reason.TYPE_MISMATCH,
                            "The name \"%s\" promises %s, but the content type is %s."
                                    .formatted(request.fileName(), byName, type));
                });
        return type;
    }

    private void admitSize(@Nullable Long size) {
        if (size == null) {
            return;
        }
        if (size == 0) {
            throw new Failure(Failure.Kind.INVALID, Reason.EMPTY, "The file is empty; at least 1 byte is needed.");
        }
        if (size < 0) {
            throw new Failure(Failure.Kind.INVALID, "size must be a positive number of bytes.");
        }
        if (size > maxBytes) {
            throw new Failure(
                    Failure.Kind.TOO_LARGE,
                    Reason.TOO_LARGE,
                    "The file has %d bytes; the space \"%s\" takes at most %d from you."
                            .formatted(size, space, maxBytes));
        }
    }

    static String join(List<?> allowed) {
        return allowed.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
