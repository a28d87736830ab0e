package dev.safelight.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Tells which address a request comes from.
@FunctionalInterface
interface ClientAddresses {
    /// The address of the client; null when it is not known.
    @Nullable
    InetAddress of(Request request);

    /// The other end of the connection: the client itself where no proxy stands in between.
    static ClientAddresses ofConnections() {
        return request -> request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                ? peer.getAddress()
                : null;
    }
}
