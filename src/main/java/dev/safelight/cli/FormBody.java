package dev.safelight.cli;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;

/// A `multipart/form-data` body with one file at its end, streamed from disk.
///
/// @param onProgress told the number of bytes of the file read since the last call
record FormBody(Map<String, String> fields, Path file, String boundary, LongConsumer onProgress) {

    static FormBody of(Map<String, String> fields, Path file, LongConsumer onProgress) {
        return new FormBody(fields, file, "safelight-" + UUID.randomUUID(), onProgress);
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    HttpRequest.BodyPublisher publisher() throws IOException {
        long length = head().length + Files.size(file) + tail().length;
        return HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofInputStream(this::open), length);
    }

    private InputStream open() {
        try {
            return new SequenceInputStream(Collections.enumeration(List.of(
                    new ByteArrayInputStream(head()),
                    new Counted(Files.newInputStream(file), onProgress),
                    new ByteArrayInputStream(tail()))));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private byte[] head() {
        StringBuilder head = new StringBuilder();
        fields.forEach((name, value) -> head.append(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, name, value)));
        head.append("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n".formatted(boundary));
        head.append("Content-Type: application/octet-stream\r\n\r\n");
        return head.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] tail() {
        return "\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.US_ASCII);
    }

    /// Leaves out the fields, which are a licence to upload.
    @Override
    public String toString() {
        return "FormBody[" + file + "]";
    }

    /// Tells how much was read.
    private static final class Counted extends FilterInputStream {
        private final LongConsumer onProgress;

        Counted(InputStream in, LongConsumer onProgress) {
            super(in);
            this.onProgress = onProgress;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) {
                onProgress.accept(1);
            }
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                onProgress.accept(count);
            }
            return count;
        }
    }
}
