package dev.safelight.delivery;

import org.jspecify.annotations.Nullable;

/// What a GET or HEAD asks of a representation beyond its path: the header fields that shape the answer.
///
/// A field that came on several lines is given here as one, joined by commas.
record MediaRequest(
        boolean head,
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String ifUnmodifiedSince,
        @Nullable String ifRange,
        @Nullable String range) {

    boolean plain() {
        return ifNoneMatch == null
                && range == null
                && ifModifiedSince == null
                && ifMatch == null
                && ifUnmodifiedSince == null;
    }
}
