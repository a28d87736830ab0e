package dev.safelight.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A `multipart/form-data` body as browsers and curl send it: fields first, then the file.
public record FormBody(byte[] bytes) {
    private static final String BOUNDARY = "----safelight-form-boundary";

    public static FormBody of(Map<String, String> fields, byte[] file) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        fields.forEach((name, value) -> write(body, part(name) + "\r\n\r\n" + value + "\r\n"));
        write(body, part("file") + "; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        body.writeBytes(file);
        write(body, "\r\n--" + BOUNDARY + "--\r\n");
        return new FormBody(body.toByteArray());
    }

    private static String part(String name) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"";
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }
}
