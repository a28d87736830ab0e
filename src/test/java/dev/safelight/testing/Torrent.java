package dev.safelight.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// A client that pours out more bytes than anybody granted, until the server has had enough.
public final class Torrent {
    private static final byte[] ZEROS = new byte[64 << 10];
    private static final int PATIENCE_MILLIS = 10_000;

    private Torrent() {}

    /// @param sent bytes of the body that the network took
    /// @param status of the answer; 0 when the connection ended without one
    public record End(long sent, int status) {}

    /// @param head the beginning of the body
    /// @param length of the body, as announced
    public static End announced(URI url, String method, String type, byte[] head, long length) throws IOException {
        return pour(url, method, "Content-Type: " + type + "\r\nContent-Length: " + length, head, length, false);
    }

    public static End chunked(URI url, String method, String type, byte[] head, long length) throws IOException {
        return pour(url, method, "Content-Type: " + type + "\r\nTransfer-Encoding: chunked", head, length, true);
    }

    private static End pour(URI url, String method, String fields, byte[] head, long length, boolean isChunked)
            throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
            String request =
                    method + " " + target + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n" + fields + "\r\n\r\n";
            long sent = 0;
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request.getBytes(StandardCharsets.US_ASCII));
                write(out, head, isChunked);
                while (sent < length && socket.getInputStream().available() == 0) {
                    write(out, ZEROS, isChunked);
                    sent += ZEROS.length;
                }
            } catch (IOException refused) {
                // The server hung up; perhaps its answer can still be read.
            }
            return new End(sent, status(socket));
        }
    }

    private static void write(OutputStream out, byte[] bytes, boolean isChunked) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        if (isChunked) {
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        out.write(bytes);
        if (isChunked) {
            out.write(new byte[] {'\r', '\n'});
        }
    }

    private static int status(Socket socket) {
        try {
            String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return line.length() == 12 ? Integer.parseInt(line.substring(9)) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
