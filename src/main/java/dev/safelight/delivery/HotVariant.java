package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.store.ByteRange;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// A public variant that is answered from memory: its bytes outside of the heap, its header fields encoded
/// in advance.
final class HotVariant {
    private final Set<AssetId> assets;
    private final Representation representation;
    private final ByteBuffer body;
    private final HttpFields whole;
    private final HttpFields part;
    private final HttpFields notModified;
    private volatile long checkedAt;

    /// @param assets that it shows; a change of any of them ends its stay in memory
    /// @param body kept as it is and never written to
    /// @param checkedAt when the catalogue last allowed delivery, on the clock of the cache
    HotVariant(Set<AssetId> assets, Representation representation, ByteBuffer body, long checkedAt) {
        this.assets = Set.copyOf(assets);
        this.representation = representation;
        this.body = body.asReadOnlyBuffer();
        this.part = encode(MediaHeaders.ofContent(representation));
        HttpField length = new PreEncodedHttpField(HttpHeader.CONTENT_LENGTH, representation.bytes());
        this.whole = HttpFields.build(part, length).asImmutable();
        this.notModified = encode(MediaHeaders.ofNotModified(representation));
        this.checkedAt = checkedAt;
    }

    private static HttpFields encode(Map<String, String> fields) {
        return HttpFields.from(fields.entrySet().stream()
                .map(field -> encode(field.getKey(), field.getValue()))
                .toArray(HttpField[]::new));
    }

    private static HttpField encode(String name, String value) {
        HttpHeader known = HttpHeader.CACHE.get(name);
        return known == null ? new PreEncodedHttpField(name, value) : new PreEncodedHttpField(known, name, value);
    }

    Set<AssetId> assets() {
        return assets;
    }

    Representation representation() {
        return representation;
    }

    long checkedAt() {
        return checkedAt;
    }

    void checked(long at) {
        checkedAt = at;
    }

    /// The bytes, or a range of them, for answers that are put together from parts.
    InputStream open(@Nullable ByteRange range) {
        ByteBuffer part = range == null ? body.slice() : body.slice((int) range.first(), (int) range.length());
        byte[] bytes = new byte[part.remaining()];
        part.get(bytes);
        return new ByteArrayInputStream(bytes);
    }

    /// Answers without blocking; returns the bytes of content sent, or -1 when the answer is not
    /// one from memory.
    long answer(Answer answer, boolean head, Request request, Response response, Callback callback) {
        return switch (answer) {
            case Answer.Whole _ -> {
                response.setStatus(HttpStatus.OK_200);
                response.getHeaders().add(whole);
                yield send(head ? null : body.slice(), response, callback);
            }
            case Answer.Part(ByteRange range) -> {
                response.setStatus(HttpStatus.PARTIAL_CONTENT_206);
                response.getHeaders()
                        .add(part)
                        .add(HttpHeader.CONTENT_RANGE, MediaHeaders.contentRange(range, representation.bytes()))
                        .add(HttpHeader.CONTENT_LENGTH, range.length());
                yield send(body.slice((int) range.first(), (int) range.length()), response, callback);
            }
            case Answer.NotModified _ -> {
                NotModified.send(notModified, request, response, callback);
                yield 0;
            }
            case Answer.Parts _, Answer.PreconditionFailed _, Answer.Unsatisfiable _ -> -1;
        };
    }

    private static long send(@Nullable ByteBuffer content, Response response, Callback callback) {
        int length = content == null ? 0 : content.remaining();
        response.write(true, content, callback);
        return length;
    }
}
