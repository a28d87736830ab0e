package dev.safelight.render.remote;

import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// An HTTP client without the conveniences: no redirects, cookies, credentials, proxies or decompression of its own.
final class RemoteClient {
    private static final int MOST_THREADS = 16;
    private static final int LONGEST_HEADERS = 16 * 1024;
    private static final long UNUSED_HOST_MILLIS = 60_000;

    private RemoteClient() {}

    /// @param silence after which a connection is closed, in use or not
    static HttpClient start(CheckedAddresses addresses, Duration connect, Duration silence, int atOnce) {
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
        threads.setName("remote");
        threads.setDaemon(true);
        client.setExecutor(threads);
        client.setSocketAddressResolver(addresses);
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "Safelight"));
        client.setConnectTimeout(connect.toMillis());
        client.setIdleTimeout(silence.toMillis());
        client.setDestinationIdleTimeout(UNUSED_HOST_MILLIS);
        client.setMaxConnectionsPerDestination(atOnce);
        client.setMaxResponseHeadersSize(LONGEST_HEADERS);
        try {
            client.start();
        } catch (Exception failed) {
            throw new IllegalStateException("the HTTP client does not start", failed);
        }
        // Both are filled at the start.
        client.getContentDecoderFactories().clear();
        List.of(
                        RedirectProtocolHandler.NAME,
                        WWWAuthenticationProtocolHandler.NAME,
                        ProxyAuthenticationProtocolHandler.NAME)
                .forEach(client.getProtocolHandlers()::remove);
        return client;
    }
}
