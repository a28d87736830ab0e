package dev.safelight.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for servers that have to be told theirs, and for addresses where nobody answers.
///
/// They come from below those that the system gives out by itself, and each is taken once: so nobody else
/// gets one between its choice and its use. A server that can take port 0 and tell what it got needs none of
/// these.
public final class FreePort {
    private static final int FIRST = 18_000;
    /// The system's own begin at 32768 where nobody has changed that.
    private static final int COUNT = 14_000;

    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /// A port that nobody listens on.
    public static int take() {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("all ports are taken");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
