package dev.safelight.front;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LingeringCloseTest {
    /// More than the buffers of both sides hold.
    private static final int LONG = 32 << 20;

    private static final byte[] PIECE = new byte[64 << 10];

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /// Answers at once, without a look at the body; at `/close` as servlets do, who then leave the connection.
    private static final class Refuse extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(413);
            if (request.getHttpURI().getPath().equals("/close") && !request.consumeAvailable()) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            Content.Sink.write(response, true, "too large", callback);
            return true;
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private Socket connect(Duration patience) throws Exception {
        server.addConnector(connector);
        server.setHandler(new LingeringClose(new Refuse(), patience));
        server.start();
        return new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    }

    private static void send(Socket client, String head) throws IOException {
        client.getOutputStream().write((head + "\r\n\r\n").getBytes(US_ASCII));
    }

    private static void sendBody(Socket client, int bytes) throws IOException {
        OutputStream out = client.getOutputStream();
        for (int sent = 0; sent < bytes; sent += PIECE.length) {
            out.write(PIECE);
        }
    }

    @Test
    void aClientThatSendsEverythingFirstGetsTheAnswer() throws Exception {
        try (Socket client = connect(Duration.ofSeconds(30))) {
            send(client, "POST /close HTTP/1.1\r\nHost: a\r\nContent-Length: " + LONG);
            sendBody(client, LONG);

            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .startsWith("HTTP/1.1 413")
                    .endsWith("too large");
        }
    }

    @Test
    void theConnectionIsUsedAgainOnceTheRestHasCome() throws Exception {
        try (Socket client = connect(Duration.ofSeconds(30))) {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + LONG);
            sendBody(client, LONG);
            send(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close");

            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .containsSubsequence("413", "413");
        }
    }

    @Test
    void aClientThatGoesOnAndOnIsCutOff() throws Exception {
        try (Socket client = connect(Duration.ofMillis(200))) {
            send(client, "POST /close HTTP/1.1\r\nHost: a\r\nContent-Length: " + Long.MAX_VALUE);

            assertThatIOException().isThrownBy(() -> {
                while (true) {
                    sendBody(client, PIECE.length);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "\r\n", "1;x", "1\r\nx\r\n"})
    void aClientThatPausesOrTricklesIsCutOff(String drop) throws Exception {
        try (Socket client = connect(Duration.ofMillis(500))) {
            send(client, "POST /close HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked");

            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .endsWith("too large");
            assertThatIOException().isThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    client.getOutputStream().write(drop.getBytes(US_ASCII));
                    Thread.sleep(20);
                }
                client.getOutputStream().write('1');
                Thread.sleep(100);
                client.getOutputStream().write('1');
            });
        }
    }

    @Test
    void aClientThatAsksFirstSendsNothing() throws Exception {
        try (Socket client = connect(Duration.ofSeconds(30))) {
            send(client, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " + LONG);

            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .startsWith("HTTP/1.1 413")
                    .doesNotContain("100");
        }
    }
}
