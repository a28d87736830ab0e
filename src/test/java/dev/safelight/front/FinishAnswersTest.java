package dev.safelight.front;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FinishAnswersTest {
    /// More than the buffers of both sides hold.
    private static final int LONG = 32 << 20;

    private final Server server = new Server(new QueuedThreadPool(8, 2));
    private final ServerConnector connector = new ServerConnector(server);
    private final OpenRequests requests = new OpenRequests(new Answers());
    private final FinishAnswers finish = new FinishAnswers();
    private final CountDownLatch done = new CountDownLatch(1);
    private int port;

    private static final class Answers extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            switch (request.getHttpURI().getPath()) {
                case "/long" -> response.write(true, ByteBuffer.allocate(LONG), callback);
                case "/broken" -> throw new IOException("on purpose");
                case "/twice" -> {
                    response.write(true, ByteBuffer.allocate(1), callback);
                    callback.succeeded();
                    throw new IOException("after the answer");
                }
                default -> {
                    return false;
                }
            }
            return true;
        }
    }

    @BeforeEach
    void start() throws Exception {
        server.addConnector(connector);
        server.setHandler(requests);
        server.start();
        port = connector.getLocalPort();
        finish.watch(server, requests);
        finish.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void waitsForDownloadsAndTakesNoMoreConnections() throws Exception {
        try (Socket client = ask("/long")) {
            await().until(() -> requests.count() == 1);

            finish.stop(done::countDown);

            await().untilAsserted(() -> assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> ask("/long").close()));
            assertThat(done.await(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(client.getInputStream().readAllBytes()).hasSizeGreaterThan(LONG);
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(finish.isRunning()).isFalse();
        }
    }

    @Test
    void waitsForNobodyWhoWentAway() throws Exception {
        try (Socket client = ask("/long")) {
            await().until(() -> requests.count() == 1);
            client.setSoLinger(true, 0);
        }

        finish.stop(done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void countsWhatNobodyTakesAndWhatFailsNoLongerThanItLasts() throws Exception {
        for (String path : new String[] {"/nothing", "/broken", "/twice"}) {
            try (Socket client = ask(path);
                    InputStream answer = client.getInputStream()) {
                assertThat(answer.readNBytes(12))
                        .asString(US_ASCII)
                        .isIn("HTTP/1.1 404", "HTTP/1.1 500", "HTTP/1.1 200");
            }
            await().during(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(requests.count()).isZero());
        }
    }

    private Socket ask(String path) throws IOException {
        Socket client = new Socket();
        client.setReceiveBufferSize(4096);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        client.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: test\r\n\r\n".formatted(path).getBytes(US_ASCII));
        return client;
    }
}
