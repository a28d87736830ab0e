package dev.safelight.front;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Tells the client of a request that came through proxies: the last address in `X-Forwarded-For` that is not
/// of a trusted proxy itself.
///
/// Each proxy appends the address that it was asked from, so what stands further left was written by that
/// client, and may be anything. Requests that did not come from a trusted proxy are left as they are.
final class TrustedProxies implements HttpConfiguration.Customizer {
    /// More hops than these belong to no sane installation.
    private static final int MOST_HOPS = 32;

    private final List<Network> networks;

    /// @throws IllegalArgumentException naming the setting, when one is no network
    TrustedProxies(List<String> networks) {
        try {
            this.networks =
                    networks.stream().map(String::strip).map(Network::parse).toList();
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("safelight.front.trusted-proxies: " + wrong.getMessage(), wrong);
        }
    }

    boolean isEmpty() {
        return networks.isEmpty();
    }

    boolean contains(@Nullable InetAddress address) {
        return address != null && networks.stream().anyMatch(network -> network.contains(address));
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        InetAddress peer = addressOf(request.getConnectionMetaData().getRemoteSocketAddress());
        if (!contains(peer)) {
            return request;
        }
        InetAddress client = peer;
        for (String hop : hopsFromTheRight(request)) {
            InetAddress address = Network.address(hop).orElse(null);
            if (address == null) {
                // Written by no proxy that is trusted to know better.
                break;
            }
            client = address;
            if (!contains(address)) {
                break;
            }
        }
        String scheme = request.getHeaders().get(HttpHeader.X_FORWARDED_PROTO);
        return new Forwarded(request, client, scheme);
    }

    private static List<String> hopsFromTheRight(Request request) {
        List<String> hops = request.getHeaders().getCSV(HttpHeader.X_FORWARDED_FOR, false);
        return hops.reversed().subList(0, Math.min(MOST_HOPS, hops.size()));
    }

    static @Nullable InetAddress addressOf(SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet.getAddress() : null;
    }

    /// The request as its client made it.
    private static final class Forwarded extends Request.Wrapper {
        private final ConnectionMetaData connection;
        private final HttpURI uri;
        private final boolean secure;

        Forwarded(Request request, @Nullable InetAddress client, @Nullable String scheme) {
            super(request);
            String said = scheme == null ? null : scheme.strip().toLowerCase(Locale.ROOT);
            boolean known = "https".equals(said) || "http".equals(said);
            this.secure = known ? "https".equals(said) : request.isSecure();
            this.uri = HttpURI.build(request.getHttpURI())
                    .scheme(secure ? "https" : "http")
                    .asImmutable();
            this.connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public boolean isSecure() {
                    return secure;
                }

                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return client == null ? super.getRemoteSocketAddress() : new InetSocketAddress(client, 0);
                }
            };
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }
    }
}
