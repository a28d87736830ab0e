package dev.safelight.render.remote;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/// Resolves hosts for the HTTP client, which connects to the very addresses that were checked here and never resolves
/// again: a name that changes its mind finds no gap.
final class CheckedAddresses implements SocketAddressResolver, AutoCloseable {
    private final HostResolver resolver;
    private final AddressRules rules;
    /// A lookup cannot be interrupted, so that of a fetch that was given up still takes its place.
    private final ExecutorService lookups;

    CheckedAddresses(HostResolver resolver, AddressRules rules, int atOnce) {
        this.resolver = resolver;
        this.rules = rules;
        this.lookups = new ThreadPoolExecutor(
                0,
                atOnce,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("lookup-", 0).factory());
    }

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        try {
            lookups.execute(() -> {
                try {
                    promise.succeeded(resolve(host, port));
                } catch (UnknownHostException | RuntimeException failed) {
                    promise.failed(failed);
                }
            });
        } catch (RejectedExecutionException busy) {
            promise.failed(busy);
        }
    }

    private List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        List<InetSocketAddress> allowed = Stream.of(resolver.resolve(host))
                .filter(rules::allow)
                .map(address -> new InetSocketAddress(withoutName(address), port))
                .toList();
        if (allowed.isEmpty()) {
            throw new UnknownHostException("no address that may be connected to");
        }
        return allowed;
    }

    /// So that nothing can look it up again by its name.
    private static InetAddress withoutName(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }
}
