package dev.safelight.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.safelight.asset.Bucket;
import dev.safelight.store.BucketSetting.Aspect;
import dev.safelight.store.BucketSetup.Found;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The setup of buckets in a service with words of its own, or in what is no such service.
class OddBucketSetupTest {
    private HttpServer server;
    private S3BucketSetup setup;
    private int status;
    private String code = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        setup = new S3BucketSetup(new S3Settings(
                url,
                url,
                "us-east-1",
                true,
                "access",
                "secret",
                Arrays.stream(Bucket.values()).collect(Collectors.toMap(bucket -> bucket, Bucket::text))));
    }

    @AfterEach
    void stop() {
        setup.close();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = (code.isEmpty() ? "" : "<Error><Code>" + code + "</Code><Message>m</Message></Error>")
                    .getBytes(UTF_8);
            boolean silent = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, silent ? -1 : body.length);
            if (!silent) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Test
    void readsNoPolicyByEachWordForIt() throws IOException {
        status = 404;
        for (String word : new String[] {"NoSuchBucketPolicy", "NoSuchPolicy"}) {
            code = word;
            assertThat(setup.read(Bucket.RAW, Aspect.POLICY)).isEqualTo(new Found.Set(new TreeSet<>()));
        }
    }

    @Test
    void saysWhatASilentRefusalMeans() {
        status = 401;
        assertThatThrownBy(() -> setup.presence(Bucket.RAW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answers 401 without a word, as no S3 service does: see safelight.s3.endpoint");
        assertThatThrownBy(() -> setup.read(Bucket.RAW, Aspect.CORS)).hasMessageContaining("as no S3 service does");
    }
}
