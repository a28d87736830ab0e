package dev.safelight.store.embedded;

import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.Rights;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3ProxyHandler;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An S3 service in this process, on one port and one folder, that every role uses through [S3Settings].
///
/// One Jetty server runs [S3Servlet], and S3Proxy's protocol handler inside it, without a second hop. Only
/// one process may use a folder at a time; the caller sees to it.
public final class EmbeddedStore implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedStore.class);

    private static final String REGION = "us-east-1";

    /// Requests of the server's own roles at a time, whatever comes from outside.
    private static final int OWN_REQUESTS = 192;

    /// One that is served and one that may follow it, as when a connection broke and the client comes back.
    private static final int TRANSFERS_OF_A_KEY = 2;

    private static final Duration TURN = Duration.ofSeconds(2);

    private static final int THREADS = 16;
    private static final Duration STOP = Duration.ofSeconds(10);

    /// Long enough to tell a running request from a connection that is merely kept open.
    private static final Duration SILENCE_AT_STOP = Duration.ofMillis(250);

    /// S3Proxy reads a body that is signed as a whole into memory before it knows the sender; ours are shorter.
    private static final long BUFFERED_BODY = 1 << 20;

    private static final int CHUNK = 16 << 20;
    private static final int CLOCK_SKEW_SECONDS = 15 * 60;

    private final EmbeddedStoreSettings settings;
    private final StoreKeys keys;
    private final Server server;
    private final ServerConnector connector;

    private EmbeddedStore(EmbeddedStoreSettings settings, StoreKeys keys, S3Servlet servlet) throws IOException {
        this.settings = settings;
        this.keys = keys;
        this.server = new Server(threads(OWN_REQUESTS + servlet.outsideRequests()));
        this.connector = connector();
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(servlet), "/*");
        server.setHandler(new GracefulHandler(context));
        server.setStopTimeout(STOP.toMillis());
        start();
    }

    /// Starts the store on its folder, creating what is missing and removing what a crash left half-written.
    ///
    /// @throws Failure UNAVAILABLE when the folder's file system is unsuitable or the address is taken
    public static EmbeddedStore start(
            EmbeddedStoreSettings settings, ObjectCreatedListener listener, InstantSource clock) throws IOException {
        Files.createDirectories(settings.folder());
        UserAttributes.require(settings.folder());
        if (!RefusingBlobStore.unguarded().isEmpty()) {
            throw new IllegalStateException("S3Proxy has operations without a rule: " + RefusingBlobStore.unguarded());
        }
        Map<String, Bucket> buckets =
                Arrays.stream(Bucket.values()).collect(Collectors.toUnmodifiableMap(Bucket::text, bucket -> bucket));
        StoreKeys keys = StoreKeys.open(settings.folder().resolve("keys.properties"));
        ApprovedReads approved = ApprovedReads.open(settings.folder(), clock);
        StoreFolder folder = new StoreFolder(settings.folder().resolve("objects"), buckets.keySet());
        var files = new FilesystemNio2BlobStore(folder.root().toString());
        Publisher publisher = new Publisher(folder, buckets, listener, clock);
        NamedLocks transfers = new NamedLocks(TRANSFERS_OF_A_KEY, TURN);
        PartFolder parts = new PartFolder(folder.parts(), publisher, clock);
        Function<Function<Bucket, Set<Rights>>, GuardedBlobStore> guard =
                rights -> new GuardedBlobStore(files, folder, publisher, buckets, rights, approved, parts);
        S3Servlet servlet = new S3Servlet(
                proxy(keys, guard),
                new SignedRequest.Check(keys, REGION, settings.publicUrl(), clock),
                new DirectPuts(buckets, publisher, parts, transfers),
                new MultipartRequests(buckets, publisher, parts),
                new TagRequests(buckets, folder),
                new FormPost(keys, buckets, REGION, publisher, transfers, clock),
                new CrossOrigin(settings.origins()),
                settings.concurrentForms(),
                settings.idle());
        return new EmbeddedStore(settings, keys, servlet);
    }

    private static S3ProxyHandler proxy(
            StoreKeys keys, Function<Function<Bucket, Set<Rights>>, GuardedBlobStore> guard) {
        Map<StoreRole, GuardedBlobStore> stores = new EnumMap<>(StoreRole.class);
        for (StoreRole role : StoreRole.values()) {
            stores.put(role, guard.apply(bucket -> Rights.of(role, bucket)));
        }
        // The store and key given here serve nobody: the first is for the anonymous, the locator replaces the second.
        S3ProxyHandler handler = new S3ProxyHandler(
                guard.apply(bucket -> Set.of()),
                AuthenticationType.AWS_V4,
                "nobody",
                "nothing",
                null,
                PostPolicy.LARGEST_OBJECT,
                BUFFERED_BODY,
                CHUNK,
                true,
                null,
                null,
                CLOCK_SKEW_SECONDS);
        handler.setBlobStoreLocator((access, bucket, key) -> access == null
                ? null
                : keys.find(access)
                        .map(found -> new AccessGrant(found.secret(), stores.get(found.role())))
                        .orElse(null));
        return handler;
    }

    /// Requests wait for disks and slow clients, so each runs on a virtual thread, and their number is bounded.
    private static QueuedThreadPool threads(int number) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("store");
        VirtualThreadPool requests = new VirtualThreadPool(number);
        requests.setName("store-request");
        threads.setVirtualThreadsExecutor(requests);
        return threads;
    }

    private ServerConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // Headers are signed as they were sent; the cache would hand out a known one in another case.
        http.setHeaderCacheCaseSensitive(true);
        ServerConnector created = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        created.setHost(settings.host());
        created.setPort(settings.port());
        created.setIdleTimeout(settings.idle().toMillis());
        created.setShutdownIdleTimeout(SILENCE_AT_STOP.toMillis());
        return created;
    }

    private void start() throws IOException {
        try {
            server.start();
            log.info("The object store listens on {}", url());
        } catch (Exception e) {
            close();
            throw new Failure(
                    Failure.Kind.UNAVAILABLE,
                    "The object store cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    public int port() {
        return connector.getLocalPort();
    }

    /// Where this process reaches the store.
    public URI url() {
        boolean everywhere =
                settings.host().equals("0.0.0.0") || settings.host().equals("::");
        String host = everywhere ? "127.0.0.1" : settings.host();
        return URI.create("http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port());
    }

    /// Everything that the code of a role needs to use this store as any other S3 service.
    public S3Settings settings(StoreRole role) {
        StoreKeys.Key key = keys.of(role);
        URI publicUrl = settings.publicUrl();
        return new S3Settings(
                url(),
                publicUrl == null ? url() : publicUrl,
                REGION,
                true,
                key.access(),
                key.secret(),
                Arrays.stream(Bucket.values()).collect(Collectors.toMap(bucket -> bucket, Bucket::text)));
    }

    public Path folder() {
        return settings.folder();
    }

    /// Lets running requests end, within bounds, and stops.
    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IOException("the object store did not stop in order", e);
        }
    }
}
