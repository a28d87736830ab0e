package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that are no HTTP, or have two readings. Each is followed by a good one on the same connection:
/// where the two could be told apart in another way by a proxy in front, the connection is closed and the
/// second is not answered.
@ExtendWith({ShowServerLog.class, SharedServer.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedHttpIT {
    private static final String HOST = "Host: localhost\r\n";
    private static final String END = "\r\n";

    private final int port;
    private final String media;

    MalformedHttpIT(SafelightProcess server) {
        this.port = server.url().getPort();
        byte[] picture = Pictures.jpeg(320, 240);
        try (ApiUser admin = server.admin()) {
            String url = admin.upload(UploadOrder.jpeg("a.jpg", picture.length), picture)
                    .at("/variants/0/url")
                    .asString();
            this.media = url.substring(url.indexOf("/media/"));
        }
    }

    private static String post(String fields, String body) {
        return "POST /v1/uploads HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n" + fields + END + body;
    }

    private static String get(String fields) {
        return "GET MEDIA HTTP/1.1\r\n" + HOST + fields + END;
    }

    static Stream<Arguments> closing() {
        return Stream.of(
                argumentSet("lengths that differ", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"), 400),
                argumentSet("a list of lengths", post("Content-Length: 2, 3\r\n", "{}"), 400),
                argumentSet(
                        "length and chunks",
                        post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                        400),
                argumentSet("chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400),
                argumentSet(
                        "chunks that are not the last coding", post("Transfer-Encoding: chunked, x\r\n", "{}"), 400),
                argumentSet("an unknown coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400),
                argumentSet("a length below zero", post("Content-Length: -2\r\n", "{}"), 400),
                argumentSet("a length with a sign", post("Content-Length: +2\r\n", "{}"), 400),
                argumentSet("a length in hexadecimal", post("Content-Length: 0x2\r\n", "{}"), 400),
                argumentSet("a length beyond numbers", post("Content-Length: 99999999999999999999\r\n", ""), 400),
                argumentSet("an empty length", post("Content-Length: \r\n", "{}"), 400),
                argumentSet("a size of a chunk that is none", post("Transfer-Encoding: chunked\r\n", "zz\r\n{}"), 401),
                argumentSet("a space before the colon", get("Range : bytes=0-1\r\n"), 400),
                argumentSet("a folded line", get("X-A: b\r\n c: d\r\n"), 400),
                argumentSet("a field without a name", get(": x\r\n"), 400),
                argumentSet("a name with a space", get("X A: b\r\n"), 400),
                argumentSet("a NUL in a field", get("X-A: b\0c\r\n"), 400),
                argumentSet("a CR in a field", get("X-A: b\rc\r\n"), 400),
                argumentSet("a bare LF", "GET MEDIA HTTP/1.1\nHost: localhost\n\n", 400),
                argumentSet("no host", "GET MEDIA HTTP/1.1\r\n\r\n", 400),
                argumentSet("two hosts", "GET MEDIA HTTP/1.1\r\n" + HOST + "Host: other\r\n\r\n", 400),
                argumentSet("a host with a path", "GET MEDIA HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
                argumentSet("a host with a space", "GET MEDIA HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
                argumentSet("a port that is none", "GET MEDIA HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400),
                argumentSet("a NUL in the path", "GET /media/\0 HTTP/1.1\r\n" + HOST + END, 400),
                argumentSet("an encoded NUL", "GET /media/%00 HTTP/1.1\r\n" + HOST + END, 400),
                argumentSet("half an escape", "GET /media/%2 HTTP/1.1\r\n" + HOST + END, 400),
                argumentSet("an escape of no digits", "GET /media/%zz HTTP/1.1\r\n" + HOST + END, 400),
                argumentSet("no path", "GET HTTP/1.1\r\n" + HOST + END, 505),
                argumentSet("HTTP of a future version", "GET MEDIA HTTP/3.7\r\n" + HOST + END, 505),
                argumentSet("no HTTP", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n", 400),
                argumentSet("a long address", "GET /media/" + "a".repeat(20_000) + " HTTP/1.1\r\n" + HOST + END, 414),
                argumentSet("a long field", get("X-A: " + "b".repeat(20_000) + "\r\n"), 431),
                argumentSet("many fields", get("X-A: b\r\n".repeat(3_000)), 431),
                argumentSet("10,000 ranges", get("Range: bytes=" + "0-1,".repeat(10_000) + "2-3\r\n"), 431));
    }

    @ParameterizedTest
    @MethodSource("closing")
    void refusesAndClosesTheConnection(String request, int status) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            send(http, request + get("") + get(""));
            RawHttp.Answer answer = http.receive(false);
            assertThat(answer.status()).as(answer.text()).isEqualTo(status);
            assertThat(answer.fields().get("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.fields().get("cache-control")).isEqualTo("no-store");
            assertThat(answer.text()).doesNotContain("Exception", "jetty", "java.");
            assertThat(http.readUntil("HTTP/1.1")).as("a second answer").isEmpty();
        }
    }

    /// What was sent may be refused before all of it has been read.
    private void send(RawHttp http, String request) {
        try {
            http.send(request.replace("MEDIA", media));
        } catch (IOException closed) {
            // The answer is there all the same.
        }
    }

    static Stream<Arguments> understood() {
        return Stream.of(
                argumentSet("an address of another host", "GET http://other/ HTTP/1.1\r\n" + HOST + END, 400),
                argumentSet("traversal", "GET /media/../v1/uploads HTTP/1.1\r\n" + HOST + END, 404),
                argumentSet("encoded traversal", "GET /media/%2e%2e/v1/uploads HTTP/1.1\r\n" + HOST + END, 400),
                argumentSet("a path parameter", "GET /media/..;/v1/uploads HTTP/1.1\r\n" + HOST + END, 400),
                argumentSet("equal lengths", get("Content-Length: 0\r\n"), 200),
                argumentSet("a chunk with an extension", chunkedGet("0;a=b\r\n\r\n"), 200),
                argumentSet("a content that nobody asked for", get("Content-Length: 5\r\n") + "12345", 200),
                argumentSet("an address of this host", "GET http://localhostMEDIA HTTP/1.1\r\n" + HOST + END, 200),
                argumentSet("a range that is turned round", get("Range: bytes=9-5\r\n"), 200),
                argumentSet("ranges that overlap", get("Range: bytes=0-9,5-14\r\n"), 200),
                argumentSet("very many ranges", get("Range: bytes=" + "0-1,".repeat(900) + "2-3\r\n"), 200),
                argumentSet("a range behind the end", get("Range: bytes=99999999-\r\n"), 416),
                argumentSet("a range beyond numbers", get("Range: bytes=0-99999999999999999999999\r\n"), 206),
                argumentSet("another unit", get("Range: lines=0-1\r\n"), 200),
                argumentSet("an unknown method", "FETCH MEDIA HTTP/1.1\r\n" + HOST + END, 405),
                argumentSet("a method in small letters", "get MEDIA HTTP/1.1\r\n" + HOST + END, 405),
                argumentSet("another case", "GET /Media/x HTTP/1.1\r\n" + HOST + END, 401),
                argumentSet("an encoded slash", "GET /media%2fimage HTTP/1.1\r\n" + HOST + END, 400));
    }

    private static String chunkedGet(String chunks) {
        return get("Transfer-Encoding: chunked\r\n") + chunks;
    }

    @ParameterizedTest
    @MethodSource("understood")
    void answersAndStaysInStep(String request, int status) throws IOException {
        try (RawHttp http = RawHttp.connect(port)) {
            send(http, request);
            RawHttp.Answer answer = http.receive(false);
            assertThat(answer.status()).as(answer.text()).isEqualTo(status);
            if ("close".equals(answer.fields().get("connection"))) {
                assertThat(http.readUntil("HTTP/1.1")).isEmpty();
                return;
            }
            send(http, "HEAD MEDIA HTTP/1.1\r\n" + HOST + END);
            assertThat(http.receive(true).status()).isEqualTo(200);
        }
    }

    /// With the key missing, the page not there, the method wrong or the body too large, and the rest of it on its way.
    @ParameterizedTest
    @CsvSource({"/v1/uploads, 413", "/v1/nothing, 413", "/nothing, 413", "MEDIA, 405"})
    void tellsWhyToAClientThatSendsEverythingFirst(String path, int status) throws IOException {
        String piece = "x".repeat(1 << 20);
        for (int i = 0; i < 5; i++) {
            try (RawHttp http = RawHttp.connect(port)) {
                send(http, "POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: " + (8 << 20) + END + END);
                for (int sent = 0; sent < 8; sent++) {
                    http.send(piece);
                }
                assertThat(http.receive(false).status()).isEqualTo(status);
            }
        }
    }
}
