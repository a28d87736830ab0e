package dev.safelight.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;

/// Where a server listens, and under which URLs it is reached from here and from elsewhere.
///
/// @param host the address to listen on
/// @param url where clients on this machine reach it
record ServerAddress(String host, int port, int s3Port, String url) {
    private static final int MAX_PORT = 65_535;
    private static final Pattern PUBLIC_URL =
            Pattern.compile("https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*");
    private static final String PUBLIC_URL_SETTING = "safelight.public-url";
    private static final String S3_PUBLIC_URL_SETTING = "safelight.embedded.s3-public-url";

    /// Takes free ports where the options leave the choice.
    static ServerAddress of(ServerOptions options) throws IOException {
        checkPort("--port", options.port);
        checkPort("--s3-port", options.s3Port == null ? 0 : options.s3Port);
        InetAddress address = address(options.host);
        int port = options.port == 0 ? freePort(address) : options.port;
        return new ServerAddress(options.host, port, s3Port(options, port, address), url(address, options.host, port));
    }

    /// Looks before anything is started, so that a port in use costs no time and leaves nothing behind.
    void requireFree() {
        requireFree("--port", port);
        requireFree("--s3-port", s3Port);
    }

    private void requireFree(String option, int wanted) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address(host), wanted));
        } catch (IOException taken) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "port %d is in use, or %s is no address of this machine. Choose another one with %s, or 0 for a free one."
                            .formatted(wanted, host, option));
        }
    }

    private static void checkPort(String option, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new CliException(ExitCode.USAGE, option + " must be 0 to 65535, not " + port + ".");
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new CliException(ExitCode.USAGE, "--host must be an address of this machine, not " + host + ".");
        }
    }

    private static int s3Port(ServerOptions options, int port, InetAddress address) throws IOException {
        Integer wanted = options.s3Port;
        if (wanted != null && wanted != 0) {
            return wanted;
        }
        boolean free = wanted != null || options.port == 0 || options.port == MAX_PORT;
        return free ? freePort(address) : port + 1;
    }

    // The URL is part of what is configured before the server listens, so the port must be known that early.
    private static int freePort(InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        }
    }

    // The name localhost stands for 127.0.0.1 alone on many machines, so other loopback addresses keep theirs.
    private static String url(InetAddress address, String host, int port) {
        boolean local = address.isAnyLocalAddress() || address.getHostAddress().equals("127.0.0.1");
        String name = local ? "localhost" : host;
        return "http://%s:%d".formatted(name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name, port);
    }

    /// The settings that follow, for which the options come first, then what the operator configured, then this
    /// address.
    Map<String, Object> settings(ServerOptions options, PropertyResolver configured) {
        String publicUrl = given(options.publicUrl, "--public-url", configured, PUBLIC_URL_SETTING);
        if (publicUrl == null) {
            publicUrl = url;
        }
        String s3PublicUrl = given(options.s3PublicUrl, "--s3-public-url", configured, S3_PUBLIC_URL_SETTING);
        if (s3PublicUrl == null) {
            s3PublicUrl = "http://%s:%d".formatted(URI.create(publicUrl).getHost(), s3Port);
        }
        Map<String, Object> settings = new HashMap<>();
        settings.put("server.address", host);
        settings.put("server.port", port);
        settings.put("safelight.embedded.host", host);
        settings.put("safelight.embedded.s3-port", s3Port);
        settings.put(PUBLIC_URL_SETTING, publicUrl);
        settings.put(S3_PUBLIC_URL_SETTING, s3PublicUrl);
        return settings;
    }

    private static @Nullable String given(
            @Nullable String option, String name, PropertyResolver configured, String setting) {
        if (option != null) {
            return checkedUrl(name, option);
        }
        String text = configured.getProperty(setting);
        return text == null || text.isBlank() ? null : checkedUrl(setting, text.strip());
    }

    private static String checkedUrl(String name, String text) {
        String url = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (!PUBLIC_URL.matcher(url).matches() || URI.create(url).getHost() == null) {
            throw new CliException(ExitCode.USAGE, name + " must look like https://media.example, not " + text);
        }
        return url;
    }
}
