package dev.safelight.front;

import dev.safelight.asset.AddressRange;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.jspecify.annotations.Nullable;

/// Counts the open connections of each client, and closes those above a limit, so that one that opens many
/// and says nothing leaves room for others.
final class ClientConnections implements Connection.Listener {
    private final int most;
    private final TrustedProxies proxies;
    private final ConcurrentHashMap<AddressRange, Integer> open = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Connection, AddressRange> counted = new ConcurrentHashMap<>();

    /// @param proxies not limited: their connections are those of many
    ClientConnections(int most, TrustedProxies proxies) {
        this.most = most;
        this.proxies = proxies;
    }

    @Override
    public void onOpened(Connection connection) {
        AddressRange client = clientOf(connection);
        if (client == null) {
            return;
        }
        counted.put(connection, client);
        if (open.merge(client, 1, Integer::sum) > most) {
            uncount(connection);
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        uncount(connection);
    }

    /// Once for each: it may be told of one or not that was closed when it was opened.
    private void uncount(Connection connection) {
        // A connection that is closed no longer knows its address.
        AddressRange client = counted.remove(connection);
        if (client != null) {
            open.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /// Null for what is no connection of the network: those within TLS are told of, too.
    private @Nullable AddressRange clientOf(Connection connection) {
        EndPoint end = connection.getEndPoint();
        if (!(end instanceof SelectableChannelEndPoint)) {
            return null;
        }
        InetAddress address = ClientAddress.of(end.getRemoteSocketAddress());
        return address == null || proxies.contains(address) ? null : ClientAddress.range(address);
    }
}
