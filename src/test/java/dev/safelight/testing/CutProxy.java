package dev.safelight.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A network that fails as it is told: a TCP proxy in front of a port of this machine.
///
/// Each connection has a [Script]. Those that were planned are used up one by one, then all get the usual one.
public final class CutProxy implements AutoCloseable {
    private static final int BUFFER = 16 << 10;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Deque<Script> planned = new ArrayDeque<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile int target;
    private Script usual = Script.FAITHFUL;

    /// What happens to one connection.
    ///
    /// @param cutAfter bytes from the client that still reach the server; -1 for all
    /// @param isReset whether a cut is a reset rather than an orderly end
    /// @param delay before the first byte travels
    /// @param bytesPerSecond from the client; 0 for as fast as can be
    /// @param isBlackhole whether bytes are taken and never arrive anywhere
    /// @param answer sent instead of forwarding anything; null to forward
    public record Script(
            long cutAfter,
            boolean isReset,
            Duration delay,
            int bytesPerSecond,
            boolean isBlackhole,
            @Nullable String answer) {
        public static final Script FAITHFUL = new Script(-1, false, Duration.ZERO, 0, false, null);
        public static final Script BLACKHOLE = new Script(-1, false, Duration.ZERO, 0, true, null);

        public static Script cutAfter(long bytes) {
            return new Script(bytes, false, Duration.ZERO, 0, false, null);
        }

        public static Script resetAfter(long bytes) {
            return new Script(bytes, true, Duration.ZERO, 0, false, null);
        }

        public static Script delayed(Duration delay) {
            return new Script(-1, false, delay, 0, false, null);
        }

        public static Script throttled(int bytesPerSecond) {
            return new Script(-1, false, Duration.ZERO, bytesPerSecond, false, null);
        }

        /// Answers each request as a store that is overloaded or being repaired.
        public static Script unavailable() {
            return refusing(503, "ServiceUnavailable");
        }

        /// Answers each request as a store that refuses it.
        ///
        /// @param code as S3 calls the error
        public static Script refusing(int status, String code) {
            String body = "<Error><Code>" + code + "</Code><Message>It is no use.</Message></Error>";
            return answering("HTTP/1.1 " + status + " Refused\r\nContent-Type: application/xml\r\nContent-Length: "
                    + body.length() + "\r\nConnection: close\r\n\r\n" + body);
        }

        /// @param answer to each request, from the first line on
        public static Script answering(String answer) {
            return new Script(-1, false, Duration.ZERO, 0, false, answer);
        }
    }

    private CutProxy(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("cut-proxy").start(this::accept);
    }

    public static CutProxy to(int target) {
        try {
            return new CutProxy(target);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A proxy whose server is yet to be started: tell it with [#forwardTo].
    public static CutProxy toNowhere() {
        return to(0);
    }

    public void forwardTo(int port) {
        target = port;
    }

    public int port() {
        return listener.getLocalPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public int connections() {
        return connections.get();
    }

    /// The next connections get these scripts, one each.
    public synchronized void plan(Script... scripts) {
        planned.addAll(List.of(scripts));
    }

    /// All connections from now on that nothing else was planned for; those that are open go on as they are.
    public synchronized void always(Script script) {
        usual = script;
    }

    /// Ends all open connections, as when a cable is pulled.
    public void cutAll() {
        sockets.forEach(CutProxy::reset);
    }

    private synchronized Script next() {
        Script script = planned.poll();
        return script == null ? usual : script;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                connections.incrementAndGet();
                Script script = next();
                Thread.ofVirtual().start(() -> serve(client, script));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client, Script script) {
        sockets.add(client);
        try (client) {
            if (script.isBlackhole()) {
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } else if (script.answer() != null) {
                answer(client, script.answer());
            } else {
                Thread.sleep(script.delay());
                forward(client, script);
            }
        } catch (IOException over) {
            // One of the two ends hung up, which is what connections do.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(client);
        }
    }

    private static void answer(Socket client, String text) throws IOException {
        client.setSoTimeout(50);
        byte[] discarded = new byte[BUFFER];
        client.getInputStream().read(discarded);
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
        client.shutdownOutput();
        try {
            while (client.getInputStream().read(discarded) >= 0) {
                // Read on for a moment: closing with unread bytes would be a reset that swallows the answer.
            }
        } catch (SocketTimeoutException quiet) {
            // The client reads the answer.
        }
    }

    private void forward(Socket client, Script script) throws IOException, InterruptedException {
        try (Socket server = new Socket()) {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            sockets.add(server);
            Thread back = Thread.ofVirtual().start(() -> copyAnswers(server, client));
            boolean isCut;
            try {
                isCut = copy(client.getInputStream(), server.getOutputStream(), script);
            } catch (IOException hungUp) {
                // Whoever hangs up early may have said why.
                back.join();
                throw hungUp;
            }
            if (isCut && script.isReset()) {
                reset(server);
                reset(client);
            } else if (!isCut) {
                server.shutdownOutput();
                back.join();
            }
        } finally {
            sockets.removeIf(Socket::isClosed);
        }
    }

    private static void copyAnswers(Socket server, Socket client) {
        try {
            server.getInputStream().transferTo(client.getOutputStream());
            client.shutdownOutput();
        } catch (IOException over) {
            reset(client);
        }
    }

    /// Whether the script cut it, rather than the client ended it.
    private static boolean copy(InputStream in, OutputStream out, Script script)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[script.bytesPerSecond() > 0 ? Math.max(1, script.bytesPerSecond() / 20) : BUFFER];
        long left = script.cutAfter() < 0 ? Long.MAX_VALUE : script.cutAfter();
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                return false;
            }
            if (script.bytesPerSecond() > 0) {
                Thread.sleep(read * 1000L / script.bytesPerSecond());
            }
            out.write(buffer, 0, read);
            out.flush();
            left -= read;
        }
        return true;
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException over) {
            // It was closed before.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        cutAll();
    }
}
