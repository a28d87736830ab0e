package dev.safelight.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A foreign host that answers byte by byte as it is told, lies included.
public final class PictureHost implements AutoCloseable {
    private final ServerSocket server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /// Writes an answer; the connection is closed after it.
    public interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    public PictureHost() throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Requests as they came, header and all.
    public List<String> requests() {
        return requests;
    }

    public PictureHost answer(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    /// @param head status and fields, one a line
    public PictureHost answer(String path, String head, String body) {
        return answer(path, head, bytes(body));
    }

    /// @param head status and fields, one a line
    public PictureHost answer(String path, String head, byte[] body) {
        return answer(path, out -> {
            out.write(bytes("HTTP/1.1 " + head.strip().replace("\n", "\r\n") + "\r\nConnection: close\r\n\r\n"));
            out.write(body);
        });
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder request = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                request.append(line).append('\n');
            }
            if (request.isEmpty()) {
                return;
            }
            requests.add(request.toString());
            String path = request.toString().split(" ", 3)[1];
            Answer answer = answers.get(path);
            if (answer != null) {
                answer.write(socket.getOutputStream());
            }
        } catch (IOException gone) {
            // The other side has seen enough.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
