package dev.safelight.front;

import dev.safelight.asset.AddressRange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// The address that a client has: the other end of the connection, or what a trusted proxy says.
public final class ClientAddress {
    /// Bits of a network that a provider hands out to one customer of IPv6.
    private static final int CUSTOMER = 64;

    private ClientAddress() {}

    /// Null where it is not known.
    public static @Nullable InetAddress of(Request request) {
        return of(request.getConnectionMetaData().getRemoteSocketAddress());
    }

    static @Nullable InetAddress of(SocketAddress end) {
        return end instanceof InetSocketAddress internet ? internet.getAddress() : null;
    }

    /// What counts as one client: an address of IPv4, a network of IPv6.
    static AddressRange range(InetAddress address) {
        return new AddressRange(address, address instanceof Inet6Address ? CUSTOMER : Integer.SIZE);
    }
}
