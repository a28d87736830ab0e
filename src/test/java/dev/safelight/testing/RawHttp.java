package dev.safelight.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// An HTTP/1.1 client that sends exactly what it is told and hides nothing of the answer.
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    /// An answer as it came.
    ///
    /// @param fields by name in lower case; several of one name joined by commas
    /// @param complete whether the content has the length that was promised
    public record Answer(int status, Map<String, String> fields, byte[] content, boolean complete) {
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        /// The fields without those that the server adds to any answer.
        public Map<String, String> ownFields() {
            Map<String, String> own = new TreeMap<>(fields);
            own.keySet().removeAll(Set.of("date", "connection"));
            return own;
        }
    }

    public static RawHttp connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new RawHttp(socket);
    }

    /// One request on a connection of its own.
    ///
    /// @param fields lines such as `Range: bytes=0-1`
    public static Answer exchange(int port, String method, String path, String... fields) throws IOException {
        try (RawHttp http = connect(port)) {
            StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
            for (String field : fields) {
                request.append(field).append("\r\n");
            }
            http.send(request.append("Connection: close\r\n\r\n").toString());
            return http.receive(method.equals("HEAD"));
        }
    }

    public void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /// What comes until a text has come, or the connection ends.
    public String readUntil(String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            text.append((char) b);
            if (text.indexOf(end, Math.max(0, text.length() - end.length())) >= 0) {
                break;
            }
        }
        return text.toString();
    }

    public Answer receive(boolean head) throws IOException {
        InputStream in = socket.getInputStream();
        int status = Integer.parseInt(line(in).substring(9, 12));
        Map<String, String> fields = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            fields.merge(name, line.substring(colon + 1).strip(), (one, other) -> one + ", " + other);
        }
        String length = fields.get("content-length");
        boolean empty = head || status == 304 || status == 204;
        byte[] content = new byte[0];
        if (!empty) {
            content = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        }
        boolean complete = empty || length == null || content.length == Integer.parseInt(length);
        return new Answer(status, fields, content, complete);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended within the header: " + line);
            }
            line.write(b);
        }
        byte[] bytes = line.toByteArray();
        int end = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        return new String(Arrays.copyOf(bytes, end), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
