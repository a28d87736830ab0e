package dev.safelight.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.safelight.testing.CutProxy.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CutProxyTest {
    private final AtomicLong received = new AtomicLong();
    private HttpServer server;
    private CutProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] buffer = new byte[1024];
            for (int read = 0; read >= 0; read = exchange.getRequestBody().read(buffer)) {
                received.addAndGet(read);
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        proxy = CutProxy.to(server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.stop(0);
    }

    private int send(int bytes) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(proxy.url())
                .timeout(Duration.ofSeconds(2))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes]))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void forwardsFaithfullyAndSlowly() throws Exception {
        proxy.plan(Script.FAITHFUL, Script.delayed(Duration.ofMillis(5)), Script.throttled(200_000));

        for (int i = 0; i < 3; i++) {
            assertThat(send(50_000)).isEqualTo(204);
        }

        assertThat(received).hasValue(150_000);
    }

    @Test
    void cutsAndResetsOnceAsPlanned() throws Exception {
        proxy.plan(Script.cutAfter(20_000), Script.resetAfter(20_000));

        assertThatThrownBy(() -> send(500_000)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send(500_000)).isInstanceOf(IOException.class);
        assertThat(received.get()).isLessThan(40_000);
        assertThat(send(10)).isEqualTo(204);
    }

    @Test
    void swallowsOrRefusesUntilToldOtherwise() throws Exception {
        proxy.always(Script.unavailable());
        assertThat(send(100_000)).isEqualTo(503);
        proxy.always(Script.BLACKHOLE);
        assertThatThrownBy(() -> send(10)).isInstanceOf(IOException.class);
        proxy.always(Script.FAITHFUL);
        assertThat(send(10)).isEqualTo(204);
    }
}
