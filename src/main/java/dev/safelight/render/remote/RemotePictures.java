package dev.safelight.render.remote;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Fetches pictures from foreign hosts into files: from allowed hosts only, and bounded in every way.
///
/// Whoever asks learns about a host only what its answer says: one that is not allowed fails before anything is looked
/// up, and one whose address is not allowed fails like one that does not answer.
@Component
public final class RemotePictures implements AutoCloseable {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(3);
    private static final int MOST_REDIRECTS = 3;

    private final List<AllowedHost> hosts;
    private final long maxBytes;
    private final Duration time;
    private final Semaphore places;
    private final CheckedAddresses addresses;
    private final int atOnce;
    private @Nullable HttpClient client;
    private boolean closed;

    @Autowired
    RemotePictures(RemoteSettings settings) {
        this(settings, InetAddress::getAllByName);
    }

    RemotePictures(RemoteSettings settings, HostResolver resolver) {
        this.hosts = settings.allowedHosts();
        this.maxBytes = settings.maxBytes().toBytes();
        this.time = settings.time();
        this.atOnce = settings.atOnce();
        this.places = new Semaphore(atOnce);
        this.addresses = new CheckedAddresses(resolver, new AddressRules(settings.allowPrivate()), 2 * atOnce);
    }

    /// The address in the form to remember the picture by.
    ///
    /// @throws Failure INVALID when it is malformed, FORBIDDEN when pictures may not come from there
    public String check(String url) {
        return requireAllowed(RemoteUrl.parse(url)).toString();
    }

    private RemoteUrl requireAllowed(RemoteUrl url) {
        if (!isAllowed(url)) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    "safelight.transform.remote.hosts does not list %s, port %d and path"
                            .formatted(url.host(), url.port()));
        }
        return url;
    }

    private boolean isAllowed(RemoteUrl url) {
        return hosts.stream().anyMatch(host -> host.allows(url));
    }

    /// Without a word on where it leads: that may be an internal address.
    private RemoteUrl requireAllowedRedirect(RemoteUrl from, String location) {
        RemoteUrl target = from.redirect(location);
        if (target == null || !isAllowed(target)) {
            throw new Failure(Failure.Kind.FORBIDDEN, "The picture's host redirects to where it is not allowed to");
        }
        return target;
    }

    /// Fetches a picture. A failure leaves no file.
    ///
    /// @param file does not exist yet
    /// @throws Failure FORBIDDEN, NOT_FOUND, TOO_LARGE, UNSUPPORTED, BUSY or UNAVAILABLE
    /// @throws IOException when the file cannot be written
    public RemoteAnswer.Fetched fetch(String url, Path file) throws IOException {
        return switch (ask(url, null, file)) {
            case RemoteAnswer.Fetched fetched -> fetched;
            case RemoteAnswer.Unchanged impossible ->
                throw new IllegalStateException("unchanged, although that was not asked");
        };
    }

    /// Like [#fetch], unless the picture is still the one that the validators were given with.
    public RemoteAnswer revalidate(String url, Validators known, Path file) throws IOException {
        return ask(url, known, file);
    }

    private RemoteAnswer ask(String url, @Nullable Validators known, Path file) throws IOException {
        RemoteUrl target = requireAllowed(RemoteUrl.parse(url));
        if (!places.tryAcquire()) {
            throw new Failure(Failure.Kind.BUSY, "Too many pictures are being fetched; try again in a moment");
        }
        try {
            long end = System.nanoTime() + time.toNanos();
            for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
                try (RemoteExchange exchange = RemoteExchange.send(client(), target, known, end)) {
                    String location = exchange.redirect();
                    if (location == null) {
                        return exchange.receive(file, maxBytes);
                    }
                    target = requireAllowedRedirect(target, location);
                }
            }
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    "The picture's host redirects more than %d times".formatted(MOST_REDIRECTS));
        } finally {
            places.release();
        }
    }

    /// Started at the first use: most installations fetch nothing.
    private synchronized HttpClient client() {
        if (closed) {
            throw new Failure(Failure.Kind.UNAVAILABLE, "This process is stopping");
        }
        if (client == null) {
            client = RemoteClient.start(addresses, CONNECT_TIME, time, atOnce);
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        addresses.close();
        if (client != null) {
            LifeCycle.stop(client);
        }
    }
}
