package dev.safelight.delivery;

import dev.safelight.store.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// One answer whose content passes from where it is kept to the client, a buffer at a time.
///
/// The content is opened before the answer begins, so that its failure can still be told by a status.
final class MediaStream {
    /// Where the content comes from.
    @FunctionalInterface
    interface Body {
        /// The whole content, or a range of it.
        InputStream open(@Nullable ByteRange range) throws IOException, InterruptedException;
    }

    private static final int BUFFER = 64 * 1024;

    private final Body body;
    private final DeliveryMetrics metrics;
    private final Representation representation;
    private final Request request;
    private final Response response;
    private final Callback callback;

    MediaStream(
            Body body,
            DeliveryMetrics metrics,
            Representation representation,
            Request request,
            Response response,
            Callback callback) {
        this.body = body;
        this.metrics = metrics;
        this.representation = representation;
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    void whole(boolean head) throws IOException, InterruptedException {
        if (head) {
            begin(200, MediaHeaders.ofContent(representation), representation.bytes());
            response.write(true, null, callback);
            return;
        }
        if (representation.bytes() <= BUFFER) {
            atOnce(read((int) representation.bytes()));
            return;
        }
        try (InputStream content = body.open(null)) {
            begin(200, MediaHeaders.ofContent(representation), representation.bytes());
            copy(content, representation.bytes());
        }
        end();
    }

    private byte[] read(int length) throws IOException, InterruptedException {
        try (InputStream content = body.open(null)) {
            byte[] bytes = content.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("the content ended " + (length - bytes.length) + " bytes early");
            }
            return bytes;
        }
    }

    /// What fits a buffer goes out together with the header fields, and nobody waits for it.
    private void atOnce(byte[] content) {
        begin(200, MediaHeaders.ofContent(representation), content.length);
        metrics.sent(representation, content.length);
        response.write(true, ByteBuffer.wrap(content), callback);
    }

    void part(ByteRange range) throws IOException, InterruptedException {
        try (InputStream content = body.open(range)) {
            begin(206, MediaHeaders.ofContent(representation), range.length());
            response.getHeaders()
                    .add(HttpHeader.CONTENT_RANGE, MediaHeaders.contentRange(range, representation.bytes()));
            copy(content, range.length());
        }
        end();
    }

    void parts(List<ByteRange> ranges) throws IOException, InterruptedException {
        MultipartRanges frame = MultipartRanges.of(representation, ranges);
        for (ByteRange range : ranges) {
            try (InputStream content = body.open(range)) {
                if (range.equals(ranges.getFirst())) {
                    begin(206, MediaHeaders.ofContent(representation), frame.bytes());
                    response.getHeaders().put(HttpHeader.CONTENT_TYPE, frame.contentType());
                }
                Content.Sink.write(response, false, ByteBuffer.wrap(frame.opening(range)));
                copy(content, range.length());
            }
        }
        Content.Sink.write(response, false, ByteBuffer.wrap(frame.closing()));
        end();
    }

    void notModified() {
        HttpFields.Mutable fields = HttpFields.build();
        MediaHeaders.ofNotModified(representation).forEach(fields::add);
        NotModified.send(fields, request, response, callback);
    }

    private void begin(int status, Map<String, String> fields, long length) {
        response.setStatus(status);
        fields.forEach(response.getHeaders()::add);
        response.getHeaders().add(HttpHeader.CONTENT_LENGTH, length);
    }

    private void copy(InputStream content, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, length)];
        long left = length;
        while (left > 0) {
            int read = content.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("the content ended " + left + " bytes early");
            }
            Content.Sink.write(response, false, ByteBuffer.wrap(buffer, 0, read));
            left -= read;
            metrics.sent(representation, read);
        }
    }

    /// Only now is the answer complete: an exception before must leave it visibly cut short.
    private void end() {
        response.write(true, null, callback);
    }
}
