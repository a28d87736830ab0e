package dev.safelight.render.remote;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Finds the addresses of a host; tests have their own.
interface HostResolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
}
