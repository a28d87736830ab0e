package dev.safelight.delivery;

import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.Deliverable;
import dev.safelight.front.ServerProblems;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.CloudFrontVerifier;
import dev.safelight.store.Content;
import dev.safelight.store.DirectDownload;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.testing.MemoryObjectStore;
import dev.safelight.testing.RawHttp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content.Sink;
import org.eclipse.jetty.io.Content.Source;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The delivery on a server of its own, with one selector, over a catalogue and a store in memory.
final class MediaFixture implements AutoCloseable {
    static final Instant MODIFIED = Instant.parse("2026-01-02T03:04:05.678Z");
    static final UUID OWNER = new UUID(1, 2);
    static final int LARGEST = 2_000_000;

    final MemoryObjectStore store = new MemoryObjectStore();
    final AtomicInteger lookups = new AtomicInteger();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final MediaMemory memory;
    final Server server;

    private final Map<String, Deliverable> deliverables = new ConcurrentHashMap<>();
    private final AtomicLong nanos = new AtomicLong();

    private final AccessGate gate;

    /// With the standard access of spaces, and no keys.
    MediaFixture() throws Exception {
        this(
                new AccessGate(
                        AccessBySpace.STANDARD,
                        new AccessTokens(List.of(), Duration.ofDays(7)),
                        new CloudFrontVerifier(Map.of(), List.of()),
                        Set.of(),
                        InstantSource.system()),
                null);
    }

    /// @param redirects grants of the store, if clients are sent there
    MediaFixture(AccessGate gate, @Nullable DirectDownload redirects) throws Exception {
        this.gate = gate;
        memory = new MediaMemory(16_000_000, LARGEST, nanos::get);
        DeliveryChain chain = new DeliveryChain(
                memory,
                new RequestIndex(),
                new MediaLibrary(
                        this::lookUp,
                        store,
                        memory,
                        new MediaLibrary.Terms(gate.spaces(), CacheTagFields.NONE),
                        new DeliveryMetrics(registry),
                        null),
                redirects == null ? null : new Redirects(redirects, Duration.ofSeconds(30), gate.clock()),
                null,
                new Exchange.Means(
                        MediaFixture::caller,
                        gate,
                        new DeliveryMetrics(registry),
                        JsonMapper.builder().build()));
        server = new Server(new QueuedThreadPool(8, 2));
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector
                .getConnectionFactory(HttpConnectionFactory.class)
                .getHttpConfiguration()
                .setSendServerVersion(false);
        server.addConnector(connector);
        server.setErrorHandler(new ServerProblems(JsonMapper.builder().build()));
        server.setHandler(chain.inFrontOf(new Echo()));
        server.start();
    }

    /// Reads all of the request, as a servlet would, then answers.
    private static final class Echo extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String body = Source.asString(request);
            response.getHeaders().add(HttpHeader.CONTENT_TYPE, "text/plain");
            Sink.write(response, true, body, callback);
            return true;
        }
    }

    private Optional<Deliverable> lookUp(String key) {
        lookups.incrementAndGet();
        return Optional.ofNullable(deliverables.get(key));
    }

    private static Optional<Caller> caller(String token) {
        return switch (token) {
            case "viewer" -> Optional.of(new Caller(new UUID(9, 9), token, Set.of(Role.VIEWER)));
            case "owner" -> Optional.of(new Caller(OWNER, token, Set.of(Role.UPLOADER)));
            case "stranger" -> Optional.of(new Caller(new UUID(9, 8), token, Set.of(Role.UPLOADER)));
            default -> Optional.empty();
        };
    }

    /// Stores and publishes a variant; returns its path.
    String publish(Space space, byte[] content) throws IOException {
        AssetId asset = AssetId.create(MODIFIED);
        BlobKey key = new BlobKey(Bucket.ofVariants(space), "processed/image/" + asset + "/v1/medium-800w.webp");
        store.put(key, new Content.Bytes(content), ObjectHeaders.ofType("image/webp"));
        Variant variant = new Variant("medium", MediaType.WEBP, 800, 600, content.length, key, "abc123", "recipe");
        deliverables.put(key.key(), new Deliverable(asset, space, OWNER, variant, MODIFIED));
        return MediaPath.ofKey(key.key());
    }

    /// The catalogue no longer lets the variant out; nobody tells the memory.
    void withdraw(String path) {
        deliverables.remove(MediaPath.toKey(path).orElseThrow());
    }

    AssetId assetAt(String path) {
        return lookUp(MediaPath.toKey(path).orElseThrow()).orElseThrow().asset();
    }

    Representation representation(Space space, int bytes) throws IOException {
        String path = publish(space, new byte[bytes]);
        return Representation.of(
                lookUp(MediaPath.toKey(path).orElseThrow()).orElseThrow(),
                new MediaLibrary.Terms(gate.spaces(), CacheTagFields.NONE));
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    double count(String counter) {
        return registry.get(counter).counter().count();
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    RawHttp.Answer get(String path, String... fields) throws IOException {
        return RawHttp.exchange(port(), "GET", path, fields);
    }

    RawHttp.Answer exchange(String method, String path, String... fields) throws IOException {
        return RawHttp.exchange(port(), method, path, fields);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
