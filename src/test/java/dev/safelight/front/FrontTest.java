package dev.safelight.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<FrontFixture> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (FrontFixture front : running) {
            front.close();
        }
    }

    private FrontFixture start(FrontSettings settings) throws Exception {
        FrontFixture front = new FrontFixture(settings);
        running.add(front);
        return front;
    }

    private static HttpResponse<String> send(URI url, String method, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).method(method, HttpRequest.BodyPublishers.noBody());
        return HTTP.send((fields.length == 0 ? request : request.headers(fields)).build(), BodyHandlers.ofString());
    }

    private static FrontSettings proxies(String... trusted) {
        return new FrontSettings(64, 64, 0, 0, List.of(trusted), false, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7                          | 203.0.113.7",
                "6.6.6.6, 203.0.113.7                 | 203.0.113.7",
                "6.6.6.6, 203.0.113.7, 10.1.1.1       | 203.0.113.7",
                "10.1.1.2, 10.1.1.1                   | 10.1.1.2",
                "evil, 203.0.113.7, 10.1.1.1          | 203.0.113.7",
                "203.0.113.7, nonsense, 10.1.1.1      | 10.1.1.1",
                "nonsense                             | 127.0.0.1",
                "\"6.6.6.6, 203.0.113.7               | 203.0.113.7",
                "for = \"x\\, 203.0.113.7            | 203.0.113.7",
                ",                                    | 127.0.0.1",
                "2001:db8::1                          | 2001:db8:0:0:0:0:0:1",
                "[2001:db8::1]                        | 2001:db8:0:0:0:0:0:1"
            })
    void takesTheLastAddressThatIsNoTrustedProxy(String forwarded, String client) throws Exception {
        FrontFixture front = start(proxies("127.0.0.1", "10.0.0.0/8"));
        assertThat(send(front.url("/"), "GET", "X-Forwarded-For", forwarded).body())
                .matches("\\[?\\Q" + client + "\\E]? http false HTTP/1.1");
    }

    @Test
    void believesNobodyElseWhoTheyAreAskedFor() throws Exception {
        FrontFixture front = start(proxies("10.0.0.0/8"));
        assertThat(send(front.url("/"), "GET", "X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https")
                        .body())
                .isEqualTo("127.0.0.1 http false HTTP/1.1");
    }

    @Test
    void believesATrustedProxyThatItWasAskedByHttps() throws Exception {
        FrontFixture front = start(proxies("127.0.0.1"));
        assertThat(send(front.url("/"), "GET", "X-Forwarded-Proto", "https").body())
                .isEqualTo("127.0.0.1 https true HTTP/1.1");
        assertThat(send(front.url("/"), "GET", "X-Forwarded-Proto", "gopher").body())
                .isEqualTo("127.0.0.1 http false HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/40", "10.0.0.1/8", "::1/64", "proxy.example", "localhost", "/8", ""})
    void saysWhichProxyIsNoNetwork(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrontFixture(proxies("127.0.0.1", entry)))
                .withMessageStartingWith("safelight.front.trusted-proxies: ")
                .withMessageContaining("\"" + entry + "\"");
    }

    private static FrontSettings httpsOnly(Duration hsts) {
        return new FrontSettings(64, 64, 0, 0, List.of("127.0.0.1"), true, hsts);
    }

    @Test
    void sendsReadersToHttpsAndRefusesWriters() throws Exception {
        FrontFixture front = start(httpsOnly(Duration.ofDays(365)));
        HttpResponse<String> sent = send(front.url("/images/a%20b?width=3&x=%2F"), "GET");
        assertThat(sent.statusCode()).isEqualTo(308);
        assertThat(sent.headers().firstValue("Location")).contains("https://127.0.0.1/images/a%20b?width=3&x=%2F");
        assertThat(sent.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(sent.headers().firstValue("Strict-Transport-Security")).isEmpty();

        HttpResponse<String> refused = send(front.url("/v1/uploads"), "POST");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");

        assertThat(send(front.url("/actuator/health/liveness"), "GET").statusCode())
                .isEqualTo(200);
        assertThat(send(front.url("/actuator/healthier"), "GET").statusCode()).isEqualTo(308);

        HttpResponse<String> secure = send(front.url("/"), "GET", "X-Forwarded-Proto", "https");
        assertThat(secure.statusCode()).isEqualTo(200);
        assertThat(secure.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
    }

    @Test
    void doesNotStartWithHttpsOnlyAndNoWayForIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FrontFixture(new FrontSettings(64, 64, 0, 0, List.of(), true, Duration.ZERO)))
                .withMessageContaining("safelight.front.https-only");
    }

    @Test
    void holdsEachClientToItsRate() throws Exception {
        FrontFixture front = start(new FrontSettings(64, 64, 1, 5, List.of("127.0.0.1"), false, Duration.ZERO));
        for (int i = 0; i < 5; i++) {
            assertThat(send(front.url("/"), "GET", "X-Forwarded-For", "203.0.113.7")
                            .statusCode())
                    .isEqualTo(200);
        }
        HttpResponse<String> refused = await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> send(front.url("/"), "GET", "X-Forwarded-For", "203.0.113.7"),
                        answer -> answer.statusCode() == 429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).contains("urn:safelight:problem:too-many-requests", "\"retryAfter\":1");
        assertThat(send(front.url("/"), "GET", "X-Forwarded-For", "203.0.113.8").statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> send(front.url("/"), "GET", "X-Forwarded-For", "203.0.113.7")
                                .statusCode()
                        == 200);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, gzip, gzip",
        "application/json, 'gzip, zstd', zstd",
        "application/problem+json, gzip, gzip",
        "text/html, gzip, gzip",
        "application/json, identity, -",
        "application/json, gzip;q=0, -",
        "image/jpeg, gzip, -",
        "image/svg+xml, gzip, -",
        "text/event-stream, gzip, -",
        "application/octet-stream, gzip, -"
    })
    void compressesTextOfTheApiAlone(String type, String accepted, String encoding) throws Exception {
        FrontFixture front = start(FrontFixture.PLAIN);
        HttpResponse<byte[]> answer = HTTP.send(
                HttpRequest.newBuilder(front.url("/type/" + type))
                        .header("Accept-Encoding", accepted)
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("Content-Encoding").orElse("-")).isEqualTo(encoding);
        if (encoding.equals("-")) {
            assertThat(answer.body()).hasSize(5_000);
        } else {
            assertThat(answer.body()).hasSizeLessThan(500);
            assertThat(answer.headers().firstValue("Vary")).contains("Accept-Encoding");
        }
    }

    @Test
    void closesConnectionsOfAClientThatHasTooMany() throws Exception {
        FrontFixture front = start(new FrontSettings(64, 3, 0, 0, List.of(), false, Duration.ZERO));
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(new Socket(InetAddress.getLoopbackAddress(), front.port(0)));
                assertThat(ask(open.getLast())).startsWith("HTTP/1.1 200");
            }
            try (Socket further = new Socket(InetAddress.getLoopbackAddress(), front.port(0))) {
                assertThatThrownBy(() -> {
                            if (ask(further).isEmpty()) {
                                throw new IOException("closed");
                            }
                        })
                        .isInstanceOf(IOException.class);
            }
            assertThat(ask(open.getFirst())).startsWith("HTTP/1.1 200");
            open.removeFirst().close();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                try (Socket next = new Socket(InetAddress.getLoopbackAddress(), front.port(0))) {
                    return ask(next).startsWith("HTTP/1.1 200");
                } catch (IOException closed) {
                    return false;
                }
            });
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    /// Longer than the second that Jetty gives connections of a server that stops.
    @Test
    void finishesADownloadThatPausesWhileTheServerStops() throws Exception {
        FrontFixture front = start(FrontFixture.PLAIN);
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4_096);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port(0)));
            client.getOutputStream().write("GET /long HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readNBytes(100);
            CountDownLatch done = new CountDownLatch(1);

            front.finish.stop(done::countDown);

            assertThat(done.await(2, TimeUnit.SECONDS)).isFalse();
            assertThat(client.getInputStream().readAllBytes()).hasSizeGreaterThan(FrontFixture.LONG);
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String ask(Socket socket) throws IOException {
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] buffer = new byte[4_096];
        int read = socket.getInputStream().read(buffer);
        return read < 0 ? "" : new String(buffer, 0, read, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "15, 1, 0, 0, connections",
        "16, 0, 0, 0, connections-per-client",
        "16, 1, -1, 0, requests-per-second",
        "16, 1, 1, -1, burst"
    })
    void saysWhichSettingIsWrong(int connections, int perClient, int rate, int burst, String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new FrontSettings(connections, perClient, rate, burst, List.of(), false, Duration.ZERO))
                .withMessageStartingWith("safelight.front." + name + " must be");
    }
}
