package dev.safelight.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.store.DirectUpload.PostGrant;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// A form POST to be sent as granted, or after changes that nobody granted.
public final class Form {
    static final String BOUNDARY = "----WebKitFormBoundaryABC123";

    private final URI url;
    private final Map<String, String> fields;
    private final byte[] file;

    private Form(URI url, Map<String, String> fields, byte[] file) {
        this.url = url;
        this.fields = new LinkedHashMap<>(fields);
        this.file = file;
    }

    public static Form of(PostGrant grant, byte[] file) {
        return new Form(grant.url(), grant.fields(), file);
    }

    public Form with(String field, String value) {
        Form changed = new Form(url, fields, file);
        changed.fields.put(field, value);
        return changed;
    }

    public Form without(String field) {
        Form changed = new Form(url, fields, file);
        changed.fields.remove(field);
        return changed;
    }

    public Form to(URI other) {
        return new Form(other, fields, file);
    }

    public String value(String field) {
        return Objects.requireNonNull(fields.get(field));
    }

    public URI url() {
        return url;
    }

    public byte[] body() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head());
        out.writeBytes(file);
        out.writeBytes(tail());
        return out.toByteArray();
    }

    /// Everything before the first byte of the file.
    public byte[] head() {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        text.append("--" + BOUNDARY + "\r\n")
                .append("Content-Disposition: form-data; name=\"file\"; filename=\"größe \\\"1\\\"; x.jpg\"\r\n")
                .append("Content-Type: image/jpeg\r\n\r\n");
        return text.toString().getBytes(UTF_8);
    }

    public static byte[] tail() {
        return ("\r\n--" + BOUNDARY + "--\r\n").getBytes(UTF_8);
    }

    public static String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    public HttpResponse<String> send(HttpClient client) throws Exception {
        return client.send(
                request(HttpRequest.BodyPublishers.ofByteArray(body())), HttpResponse.BodyHandlers.ofString());
    }

    public HttpRequest request(HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(url)
                .header("Content-Type", contentType())
                .header("Origin", "https://app.example.org")
                .POST(body)
                .build();
    }
}
