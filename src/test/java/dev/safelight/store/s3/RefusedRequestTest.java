package dev.safelight.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which of a store's refusals are for good, and which may pass.
class RefusedRequestTest {
    private static final BlobKey KEY = new BlobKey(Bucket.USER, "a");

    private HttpServer server;
    private S3ObjectStore store;
    private volatile String code = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] body = ("<Error><Code>" + code + "</Code><Message>no</Message></Error>").getBytes(UTF_8);
            exchange.sendResponseHeaders(403, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        store = new S3ObjectStore(
                new S3Settings(
                        url,
                        url,
                        "us-east-1",
                        true,
                        "access",
                        "secret",
                        Arrays.stream(Bucket.values()).collect(Collectors.toMap(bucket -> bucket, Bucket::text))),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        store.close();
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})
    void takesARefusalOfItsIdentityForGood(String given) {
        code = given;

        assertThatThrownBy(() -> store.open(KEY, null, null)).isInstanceOf(Failure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RequestTimeTooSkewed", "ExpiredToken"})
    void takesAWrongClockForSomethingThatPasses(String given) {
        code = given;

        assertThatThrownBy(() -> store.open(KEY, null, null)).isInstanceOf(IOException.class);
    }

    @Test
    void takesARefusalWithoutAReasonForGood() {
        assertThatThrownBy(() -> store.head(KEY)).isInstanceOf(Failure.class);
    }
}
