package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// The headers that are kept with an object and sent back with it, as extended attributes of its file.
///
/// Names and forms are those of S3Proxy, which reads them.
///
/// @param metadata by names without their prefix
/// @param tags kept beside the headers, and never sent back with them
record KeptHeaders(
        @Nullable String contentType,
        @Nullable String cacheControl,
        @Nullable String contentDisposition,
        @Nullable String contentEncoding,
        @Nullable String contentLanguage,
        Map<String, String> metadata,
        TagSet tags) {

    /// What an object is that nobody gave a type.
    static final String NO_TYPE = "binary/octet-stream";

    private static final String ETAG = "user.content-md5";
    private static final String METADATA = "user.user-metadata.";

    /// Attributes share one block of the file system, often 4 KB; beyond it they vanish without an error.
    static final int LARGEST = 2048;

    /// @param tags null as an earlier release wrote down uploads in parts
    KeptHeaders(
            @Nullable String contentType,
            @Nullable String cacheControl,
            @Nullable String contentDisposition,
            @Nullable String contentEncoding,
            @Nullable String contentLanguage,
            Map<String, String> metadata,
            @Nullable TagSet tags) {
        this.contentType = contentType;
        this.cacheControl = cacheControl;
        this.contentDisposition = contentDisposition;
        this.contentEncoding = contentEncoding;
        this.contentLanguage = contentLanguage;
        this.metadata = Map.copyOf(metadata);
        this.tags = tags == null ? TagSet.EMPTY : tags;
    }

    KeptHeaders(
            @Nullable String contentType,
            @Nullable String cacheControl,
            @Nullable String contentDisposition,
            @Nullable String contentEncoding,
            @Nullable String contentLanguage,
            Map<String, String> metadata) {
        this(contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage, metadata, TagSet.EMPTY);
    }

    KeptHeaders with(TagSet other) {
        return new KeptHeaders(
                contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage, metadata, other);
    }

    static KeptHeaders none() {
        return new KeptHeaders(null, null, null, null, null, Map.of());
    }

    static KeptHeaders of(PutObjectRequest request) {
        return new KeptHeaders(
                request.contentType(),
                request.cacheControl(),
                request.contentDisposition(),
                request.contentEncoding(),
                request.contentLanguage(),
                request.metadata());
    }

    static KeptHeaders of(GetObjectResponse response) {
        return new KeptHeaders(
                response.contentType(),
                response.cacheControl(),
                response.contentDisposition(),
                response.contentEncoding(),
                response.contentLanguage(),
                response.metadata());
    }

    private Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        putUnlessNull(attributes, "user.content-type", contentType);
        putUnlessNull(attributes, "user.cache-control", cacheControl);
        putUnlessNull(attributes, "user.content-disposition", contentDisposition);
        putUnlessNull(attributes, "user.content-encoding", contentEncoding);
        putUnlessNull(attributes, "user.content-language", contentLanguage);
        metadata.forEach((name, value) -> attributes.put(METADATA + name, value));
        putUnlessNull(attributes, FileTags.ATTRIBUTE, tags.isEmpty() ? null : tags.text());
        return attributes;
    }

    private static void putUnlessNull(Map<String, String> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.put(name, value);
        }
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception when a file could not keep them
    void requireSmall() {
        long size = attributes().entrySet().stream()
                .mapToLong(e -> e.getKey().length() + e.getValue().length())
                .sum();
        if (size > LARGEST) {
            throw StoreError.METADATA_TOO_LARGE.with("The headers kept with an object may not exceed 2 KB.");
        }
    }

    /// @throws software.amazon.awssdk.services.s3.model.S3Exception when the file system refuses, for
    ///     instance as it is full
    void writeTo(Path file, String etag) {
        var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        try {
            writeEtag(view, etag);
            for (var attribute : attributes().entrySet()) {
                view.write(attribute.getKey(), UTF_8.encode(attribute.getValue()));
            }
        } catch (IOException e) {
            throw StoreError.INSUFFICIENT_STORAGE.with("The file system did not keep the object's headers.", e);
        }
    }

    /// The digest of a whole object is kept as its 16 bytes, any other tag as text.
    private static void writeEtag(UserDefinedFileAttributeView view, String etag) throws IOException {
        view.write(ETAG, etag.length() == 32 ? ByteBuffer.wrap(HexFormat.of().parseHex(etag)) : UTF_8.encode(etag));
    }

    /// The entity tag of a file written by [#writeTo].
    static String etag(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        ByteBuffer bytes = ByteBuffer.allocate(64);
        view.read(ETAG, bytes);
        bytes.flip();
        return bytes.remaining() == 16
                ? HexFormat.of().formatHex(bytes.array(), 0, 16)
                : UTF_8.decode(bytes).toString();
    }
}
