package dev.safelight.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// What shields stand in front of where a test says what is answered: the same to all paths.
public final class PlainOrigin implements AutoCloseable {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int status = 200;
    private volatile String rule = "no-store";
    private volatile String tags = "";
    private volatile Duration delay = Duration.ZERO;
    private HttpServer server = listen(0);
    private final int port = server.getAddress().getPort();

    public int port() {
        return port;
    }

    /// The requests since it was last asked for, but for those about its health.
    public AtomicInteger asked() {
        return asked;
    }

    /// What is not 200 is answered as Safelight's problems are, with `no-store`.
    public void answer(int answered) {
        status = answered;
    }

    /// @param cacheControl of answers with 200
    public void allow(String cacheControl) {
        rule = cacheControl;
    }

    /// @param cacheTags as in `Cache-Tag`
    public void tag(String cacheTags) {
        tags = cacheTags;
    }

    public void delay(Duration before) {
        delay = before;
    }

    /// Nobody listens any more.
    public void leave() {
        server.stop(0);
    }

    /// On the port that it had.
    public void comeBack() {
        server = listen(port);
    }

    private HttpServer listen(int on) {
        try {
            HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 100);
            listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            listening.createContext("/", this::answer);
            // It is well, whatever becomes of a picture.
            listening.createContext("/actuator/", exchange -> send(exchange, 200, "no-store", ""));
            listening.start();
            return listening;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        int now = status;
        try {
            Thread.sleep(delay);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        send(exchange, now, now == 200 ? rule : "no-store", now == 200 ? tags : "");
    }

    private static void send(HttpExchange exchange, int status, String rule, String tags) throws IOException {
        byte[] body = "a picture".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Cache-Control", rule);
        exchange.getResponseHeaders().set("Content-Type", "image/jpeg");
        exchange.getResponseHeaders().set("ETag", "\"one\"");
        if (!tags.isEmpty()) {
            exchange.getResponseHeaders().set("Cache-Tag", tags);
        }
        exchange.sendResponseHeaders(status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
