package dev.safelight.cli.bulk;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;

/// A `multipart/form-data` body with one file at its end.
record FormBody(Map<String, String> fields, String boundary) {

    static FormBody of(Map<String, String> fields) {
        return new FormBody(fields, "safelight-" + UUID.randomUUID());
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /// @param bytes of the file, which must be as many until the body is sent
    /// @param onProgress told the number of bytes of the file handed over since the last call
    BodyPublisher publisher(Path file, long bytes, LongConsumer onProgress) {
        return new FileBody(head(), file, 0, bytes, tail(), onProgress);
    }

    BodyPublisher publisher(byte[] content) {
        return BodyPublishers.ofByteArrays(List.of(head(), content, tail()));
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
        return "FormBody[" + fields.keySet() + "]";
    }
}
