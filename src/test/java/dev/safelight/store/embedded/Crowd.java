package dev.safelight.store.embedded;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// Clients that begin a request and leave it at that.
final class Crowd implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    void send(URI url, byte[]... beginning) throws IOException {
        Socket socket = new Socket(url.getHost(), url.getPort());
        sockets.add(socket);
        for (byte[] bytes : beginning) {
            socket.getOutputStream().write(bytes);
        }
        socket.getOutputStream().flush();
    }

    long answered() throws IOException {
        long count = 0;
        for (Socket socket : sockets) {
            count += socket.getInputStream().available() > 0 ? 1 : 0;
        }
        return count;
    }

    /// Whether the store still has some of them waiting.
    boolean isWaiting() throws IOException {
        return answered() < sockets.size();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
