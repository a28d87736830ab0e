package dev.safelight.store.embedded;

import dev.safelight.store.Rights;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The tags that a request sends with an object, which S3Proxy does not know of.
///
/// For what S3Proxy takes in, they are carried past it to [GuardedBlobStore].
final class SentTags {
    private static final String HEADER = "x-amz-tagging";
    private static final String DIRECTIVE = "x-amz-tagging-directive";

    static final ScopedValue<SentTags> CURRENT = ScopedValue.newInstance();

    private final TagSet tags;
    private final boolean replacing;

    private SentTags(TagSet tags, boolean replacing) {
        this.tags = tags;
        this.replacing = replacing;
    }

    static SentTags of(HttpServletRequest request) {
        String directive = request.getHeader(DIRECTIVE);
        boolean replacing =
                directive != null && directive.toUpperCase(Locale.ROOT).equals("REPLACE");
        if (directive != null
                && !replacing
                && !directive.toUpperCase(Locale.ROOT).equals("COPY")) {
            throw StoreError.INVALID_ARGUMENT.with("The header x-amz-tagging-directive must be COPY or REPLACE.");
        }
        List<String> headers = Collections.list(request.getHeaders(HEADER));
        if (headers.size() > 1) {
            throw StoreError.INVALID_ARGUMENT.with("The header x-amz-tagging may be given once.");
        }
        return new SentTags(headers.isEmpty() ? TagSet.EMPTY : TagSet.parse(headers.getFirst()), replacing);
    }

    /// The tags of the request that S3Proxy is answering.
    static TagSet current(Set<Rights> rights) {
        return CURRENT.isBound() ? CURRENT.get().allowed(rights) : TagSet.EMPTY;
    }

    /// The tags of a copy: those of its source, unless the request replaces them.
    static TagSet currentOfCopy(TagSet source, Set<Rights> rights) {
        return CURRENT.isBound() && CURRENT.get().replacing ? current(rights) : source;
    }

    /// Whoever may replace an object may tag it.
    ///
    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 403
    TagSet allowed(Set<Rights> rights) {
        if (!tags.isEmpty() && !rights.contains(Rights.WRITE)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
        return tags;
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 501 when there are any
    void requireNone() {
        if (!tags.isEmpty()) {
            throw StoreError.NOT_IMPLEMENTED.with("Uploads in parts take no tags: tag the object when it is complete.");
        }
    }
}
