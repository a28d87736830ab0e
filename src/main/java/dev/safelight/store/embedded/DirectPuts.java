package dev.safelight.store.embedded;

import dev.safelight.asset.Bucket;
import dev.safelight.store.Rights;
import dev.safelight.store.s3.S3DirectUpload;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Objects and parts that are sent as they are, in one body of known length, straight to disk.
///
/// Bodies that are signed in chunks are S3Proxy's, and so are copies; what comes by a signed address never is.
final class DirectPuts {
    private static final String META = "x-amz-meta-";

    private final Map<String, Bucket> buckets;
    private final Publisher publisher;
    private final PartFolder parts;
    private final NamedLocks transfers;

    /// @param transfers those of strangers, of which each key and each part takes one at a time
    DirectPuts(Map<String, Bucket> buckets, Publisher publisher, PartFolder parts, NamedLocks transfers) {
        this.buckets = buckets;
        this.publisher = publisher;
        this.parts = parts;
        this.transfers = transfers;
    }

    static boolean takes(HttpServletRequest request, SignedRequest signed) {
        boolean whole = signed.hash().matches("[0-9a-f]{64}");
        boolean plain = request.getHeader("x-amz-copy-source") == null && request.getHeader("If-Match") == null;
        return request.getMethod().equals("PUT")
                && (signed.granted() || (whole && plain))
                && (isPart(signed) || signed.query().keySet().stream().allMatch("x-id"::equals));
    }

    private static boolean isPart(SignedRequest signed) {
        return signed.query().containsKey("uploadId");
    }

    void put(HttpServletRequest request, HttpServletResponse response, SignedRequest signed, InputStream body)
            throws IOException {
        S3Path path = S3Path.of(request);
        Bucket bucket = buckets.get(path.bucket());
        if (bucket == null || !Rights.of(signed.role(), bucket).contains(Rights.CREATE)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
        GuardedBlobStore.requireStorable(path.key());
        if (request.getHeader("x-amz-copy-source") != null || request.getHeader("If-Match") != null) {
            throw StoreError.NOT_IMPLEMENTED.with("A signed address is for neither copies nor conditions on a tag.");
        }
        long length = length(request);
        Exact bytes = new Exact(body, length);
        if (isPart(signed)) {
            putPart(request, response, signed, path, bytes);
        } else {
            Set<Rights> rights = Rights.of(signed.role(), bucket);
            boolean replace = rights.contains(Rights.WRITE) && request.getHeader("If-None-Match") == null;
            KeptHeaders headers = signed.granted() ? grantedHeaders(request) : headers(request);
            TagSet tags = SentTags.of(request).allowed(rights);
            putObject(request, response, signed, path, replace, headers.with(tags), bytes);
        }
    }

    private void putObject(
            HttpServletRequest request,
            HttpServletResponse response,
            SignedRequest signed,
            S3Path path,
            boolean replace,
            KeptHeaders headers,
            Exact bytes)
            throws IOException {
        try (NamedLocks.Held turn = turn(signed, path.bucket() + "/" + path.key())) {
            publisher.requireAbsent(path.bucket(), path.key(), replace);
            try (Staging.Staged staged = stage(request, signed, headers, bytes)) {
                publisher.publish(staged, path.bucket(), path.key(), replace, "Put");
                response.setHeader("ETag", '"' + staged.etag() + '"');
            }
        }
    }

    private void putPart(
            HttpServletRequest request, HttpServletResponse response, SignedRequest signed, S3Path path, Exact bytes)
            throws IOException {
        int number = number(signed.query().get("partNumber"));
        requireGranted(signed, bytes.left);
        PartFolder.Upload upload = parts.find(signed.query().getOrDefault("uploadId", ""), path.bucket(), path.key());
        try (NamedLocks.Held turn = turn(signed, upload.id() + "/" + number);
                Staging.Staged staged = stage(request, signed, KeptHeaders.none(), bytes)) {
            parts.keep(upload, number, staged);
            response.setHeader("ETag", '"' + staged.etag() + '"');
        }
    }

    /// A grant can be sent by many at once: one of them is served and one waits, lest they take all places.
    ///
    /// @return null for our own roles, who know what they do
    private NamedLocks.@Nullable Held turn(SignedRequest signed, String name) {
        return signed.granted() ? transfers.exclusive(name) : null;
    }

    private Staging.Staged stage(HttpServletRequest request, SignedRequest signed, KeptHeaders headers, Exact bytes)
            throws IOException {
        MessageDigest sha256 = signed.granted() ? null : sha256();
        Staging.Staged staged =
                publisher.staging().write(headers, sha256 == null ? bytes : new DigestInputStream(bytes, sha256));
        try {
            bytes.requireEnd();
            if (sha256 != null && !HexFormat.of().formatHex(sha256.digest()).equals(signed.hash())) {
                throw StoreError.WRONG_HASH.with("The body does not have the SHA-256 that was signed.");
            }
            requireMd5(request.getHeader("Content-MD5"), staged.etag());
            return staged;
        } catch (RuntimeException e) {
            staged.close();
            throw e;
        }
    }

    private static void requireMd5(@Nullable String base64, String actual) {
        if (base64 != null
                && !base64.equals(
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(actual)))) {
            throw StoreError.BAD_DIGEST.with("The body does not have the MD5 of its header.");
        }
    }

    private static long length(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length < 0) {
            throw StoreError.MISSING_LENGTH.with("The header Content-Length is needed.");
        }
        if (length > PostPolicy.LARGEST_OBJECT) {
            throw StoreError.ENTITY_TOO_LARGE.with("One request takes at most 5 GiB.");
        }
        return length;
    }

    private static int number(@Nullable String text) {
        int number = text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        PartFolder.requireNumber(number);
        return number;
    }

    /// Nothing more than its announced length is read of a body, so it is enough to look at that.
    private static void requireGranted(SignedRequest signed, long length) {
        long least = limit(signed.query().get(S3DirectUpload.LEAST_BYTES), 0);
        long most = limit(signed.query().get(S3DirectUpload.MOST_BYTES), PostPolicy.LARGEST_OBJECT);
        if (length > most) {
            throw StoreError.PART_TOO_LARGE.with(
                    "The part has %d bytes; at most %d are granted.".formatted(length, most));
        }
        if (length < least) {
            throw StoreError.ENTITY_TOO_SMALL.with(
                    "The part has %d bytes; at least %d are granted.".formatted(length, least));
        }
    }

    private static long limit(@Nullable String text, long absent) {
        if (text == null) {
            return absent;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw StoreError.INVALID_ARGUMENT.with("The size of a part must be limited by a number of bytes.");
        }
        return Long.parseLong(text);
    }

    static KeptHeaders headers(HttpServletRequest request) {
        Map<String, String> metadata = new TreeMap<>();
        for (String header : Collections.list(request.getHeaderNames())) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith(META)) {
                metadata.put(name.substring(META.length()), request.getHeader(header));
            }
        }
        String type = request.getHeader("Content-Type");
        return new KeptHeaders(
                type == null ? KeptHeaders.NO_TYPE : type,
                request.getHeader("Cache-Control"),
                request.getHeader("Content-Disposition"),
                request.getHeader("Content-Encoding"),
                request.getHeader("Content-Language"),
                metadata);
    }

    /// Only what was signed is kept. Browsers add headers such as `Cache-Control` unasked, so that they are no
    /// reason to refuse a request.
    private static KeptHeaders grantedHeaders(HttpServletRequest request) {
        KeptHeaders sent = headers(request);
        return new KeptHeaders(sent.contentType(), null, null, null, null, sent.metadata());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// A body that must have the length that was announced.
    private static final class Exact extends FilterInputStream {
        private long left;

        Exact(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            int one = left == 0 ? -1 : super.read();
            left -= one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = super.read(target, offset, (int) Math.min(count, left));
            left -= Math.max(read, 0);
            return read;
        }

        void requireEnd() {
            if (left != 0) {
                throw StoreError.INCOMPLETE_BODY.with("The request body ended too early.");
            }
        }
    }
}
