package dev.safelight.front;

import dev.safelight.asset.AddressRange;
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
    /// Characters of an address.
    private static final int LONGEST = 45;

    private final List<AddressRange> networks;

    /// @throws IllegalArgumentException naming the setting, when one is no network
    TrustedProxies(List<String> networks) {
        this.networks = networks.stream()
                .map(String::strip)
                .map(TrustedProxies::network)
                .toList();
    }

    /// Bits behind the prefix would trust more than somebody meant.
    private static AddressRange network(String text) {
        String address = text.replaceFirst("/.*", "");
        return AddressRange.parse(text)
                .filter(range -> range.first().equals(InetAddress.ofLiteral(address)))
                .orElseThrow(() -> new IllegalArgumentException(
                        ("safelight.front.trusted-proxies: \"%s\" is no address or network; it must be like 10.0.0.0/8"
                                        + " or ::1, with zeros behind the prefix")
                                .formatted(text)));
    }

    boolean isEmpty() {
        return networks.isEmpty();
    }

    boolean contains(@Nullable InetAddress address) {
        return address != null && networks.stream().anyMatch(network -> network.contains(address));
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        InetAddress peer = ClientAddress.of(request);
        if (!contains(peer)) {
            return request;
        }
        InetAddress client = peer;
        for (String hop : hopsFromTheRight(request)) {
            InetAddress address = address(hop.strip());
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
        // By hand: a parser of lists fails at what a client may have written further left.
        List<String> hops = List.of(String.join(",", request.getHeaders().getValuesList(HttpHeader.X_FORWARDED_FOR))
                .split(","));
        return hops.reversed().subList(0, Math.min(MOST_HOPS, hops.size()));
    }

    /// An address in digits; names are not looked up.
    private static @Nullable InetAddress address(String hop) {
        String bare = hop.startsWith("[") && hop.endsWith("]") ? hop.substring(1, hop.length() - 1) : hop;
        try {
            return bare.isEmpty() || bare.length() > LONGEST ? null : InetAddress.ofLiteral(bare);
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
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
