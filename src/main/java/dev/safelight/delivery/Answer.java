package dev.safelight.delivery;

import dev.safelight.store.ByteRange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a request for an existing representation is answered with.
sealed interface Answer {
    /// 200 with everything.
    record Whole() implements Answer {}

    /// 206 with one range.
    record Part(ByteRange range) implements Answer {}

    /// 206 with several ranges as `multipart/byteranges`.
    record Parts(List<ByteRange> ranges) implements Answer {
        public Parts {
            ranges = List.copyOf(ranges);
        }
    }

    /// 304.
    record NotModified() implements Answer {}

    /// 412.
    record PreconditionFailed() implements Answer {}

    /// 416.
    record Unsatisfiable() implements Answer {}

    /// Decides in the order of RFC 9110 §13.2.2: preconditions first, then the range.
    static Answer to(MediaRequest request, Representation representation) {
        if (request.plain()) {
            return new Whole();
        }
        if (contradicts(request, representation)) {
            return new PreconditionFailed();
        }
        if (isKnown(request, representation)) {
            return new NotModified();
        }
        if (request.range() == null || request.head() || !stillSame(request, representation)) {
            return new Whole();
        }
        return switch (RangeSet.select(request.range(), representation.bytes())) {
            case RangeSet.All _ -> new Whole();
            case RangeSet.None _ -> new Unsatisfiable();
            case RangeSet.Some(var ranges) -> ranges.size() == 1 ? new Part(ranges.getFirst()) : new Parts(ranges);
        };
    }

    private static boolean contradicts(MediaRequest request, Representation representation) {
        if (request.ifMatch() != null) {
            return !EntityTags.match(request.ifMatch(), representation.etag(), EntityTags.Comparison.STRONG);
        }
        Instant modified = representation.lastModified();
        return modified != null
                && date(request.ifUnmodifiedSince()).filter(modified::isAfter).isPresent();
    }

    private static boolean isKnown(MediaRequest request, Representation representation) {
        if (request.ifNoneMatch() != null) {
            return EntityTags.match(request.ifNoneMatch(), representation.etag(), EntityTags.Comparison.WEAK);
        }
        Instant modified = representation.lastModified();
        return modified != null
                && date(request.ifModifiedSince())
                        .filter(since -> !modified.isAfter(since))
                        .isPresent();
    }

    /// Whether `If-Range` lets the range through: it names the very tag, or the very date.
    private static boolean stillSame(MediaRequest request, Representation representation) {
        String condition = request.ifRange();
        if (condition == null) {
            return true;
        }
        Instant modified = representation.lastModified();
        return condition.strip().equals(representation.etag())
                || (modified != null && date(condition).filter(modified::equals).isPresent());
    }

    private static Optional<Instant> date(@Nullable String field) {
        return field == null ? Optional.empty() : HttpDate.parse(field);
    }
}
