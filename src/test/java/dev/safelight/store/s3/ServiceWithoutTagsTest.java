package dev.safelight.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectTags;
import dev.safelight.store.StatusTag;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tags where the service has none, or does not let us.
class ServiceWithoutTagsTest {
    private static final BlobKey KEY = new BlobKey(Bucket.USER, "user/a.webp");

    private final List<String> requests = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private S3ObjectStore store;

    private volatile int status = 501;
    private volatile String code = "NotImplemented";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
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

    private void handle(HttpExchange exchange) throws IOException {
        boolean tagged = exchange.getRequestHeaders().containsKey("x-amz-tagging")
                || String.valueOf(exchange.getRequestURI().getQuery()).contains("tagging");
        requests.add(tagged ? "tagged" : "plain");
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] error = "<Error><Code>%s</Code><Message>no</Message></Error>"
                    .formatted(code)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("ETag", "\"e\"");
            exchange.sendResponseHeaders(tagged ? status : 200, tagged ? error.length : -1);
            if (tagged) {
                exchange.getResponseBody().write(error);
            }
        }
    }

    private void put() throws IOException {
        store.put(
                KEY,
                new Content.Bytes(new byte[9]),
                new ObjectHeaders("image/webp", null, StatusTag.of(Moderation.PENDING)));
    }

    @Test
    void storesWithoutTagsAndAsksForNoneAnyMore() throws IOException {
        put();
        assertThat(requests).contains("tagged").last().isEqualTo("plain");
        requests.clear();

        put();

        assertThat(requests).containsExactly("plain");
        assertThat(store.setTags(KEY, Map.of("a", "b"))).isEqualTo(ObjectTags.Outcome.UNSUPPORTED);
        assertThat(store.tags(KEY)).hasValue(Map.of());
    }

    @Test
    void takesARefusalForNoLackOfTags() {
        status = 403;
        code = "AccessDenied";

        assertThatThrownBy(this::put).isInstanceOf(Failure.class);

        assertThat(requests).containsOnly("tagged");
        assertThatThrownBy(() -> store.setTags(KEY, Map.of("a", "b"))).isInstanceOf(Failure.class);
    }
}
