package dev.safelight.cli;

import dev.safelight.Safelight;
import dev.safelight.cli.ServerOptions.ServerRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A server in this process, from its start until it is closed.
final class RunningServer implements AutoCloseable {
    private static final int MAX_PORT = 65_535;

    private final DataFolder folder;
    private final ConfigurableApplicationContext context;
    private final String url;

    private RunningServer(DataFolder folder, ConfigurableApplicationContext context, String url) {
        this.folder = folder;
        this.context = context;
        this.url = url;
    }

    static RunningServer start(ServerOptions options) throws IOException {
        checkPort("--port", options.port);
        checkPort("--s3-port", options.s3Port == null ? 0 : options.s3Port);
        DataFolder folder = new DataFolder(options.data);
        folder.acquire();
        int port = options.port == 0 ? freePort(options.host) : options.port;
        String url = options.publicUrl == null ? "http://localhost:" + port : publicUrl(options.publicUrl);
        SpringApplication application = new SpringApplicationBuilder(Safelight.class)
                .properties(properties(options, folder, port, s3Port(options, port), url))
                .build();
        // Closing the server closes the context; a second hook would race with it.
        application.setRegisterShutdownHook(false);
        ConfigurableApplicationContext context;
        try {
            context = application.run();
        } catch (RuntimeException failed) {
            folder.close();
            throw StartFailure.explain(failed);
        }
        folder.writeRun("http://localhost:" + port);
        return new RunningServer(folder, context, "http://localhost:" + port);
    }

    private static Map<String, Object> properties(
            ServerOptions options, DataFolder folder, int port, int s3Port, String url) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.port", port);
        properties.put("server.address", options.host);
        properties.put("safelight.data", folder.path().toString());
        properties.put("safelight.work.folder", folder.path().resolve("work").toString());
        properties.put("safelight.public-url", url);
        properties.put("safelight.embedded.host", options.host);
        properties.put("safelight.embedded.s3-port", s3Port);
        properties.put(
                "safelight.embedded.s3-public-url",
                options.s3PublicUrl == null ? besides(url, s3Port) : stripSlash(options.s3PublicUrl));
        properties.put("safelight.embedded.origins", List.of(url));
        properties.put("safelight.jobs.worker", options.roles.contains(ServerRole.worker));
        properties.put("safelight.roles.api", options.roles.contains(ServerRole.api));
        properties.put("safelight.roles.delivery", options.roles.contains(ServerRole.delivery));
        return properties;
    }

    private static int s3Port(ServerOptions options, int port) {
        Integer wanted = options.s3Port;
        if (wanted != null && wanted != 0) {
            return wanted;
        }
        boolean free = wanted != null || options.port == 0 || options.port == MAX_PORT;
        return free ? freePort(options.host) : port + 1;
    }

    /// The same host at another port.
    private static String besides(String url, int port) {
        return "http://%s:%d".formatted(URI.create(url).getHost(), port);
    }

    private static void checkPort(String option, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new CliException(ExitCode.USAGE, option + " must be 0 to 65535, not " + port + ".");
        }
    }

    private static String publicUrl(String text) {
        String url = stripSlash(text);
        if (!url.matches("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")) {
            throw new CliException(ExitCode.USAGE, "--public-url must look like https://media.example, not " + text);
        }
        return url;
    }

    private static String stripSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    // The URL is part of what is configured before the server listens, so the port must be known that early.
    private static int freePort(String host) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    DataFolder folder() {
        return folder;
    }

    /// Where clients on this machine reach it.
    String url() {
        return url;
    }

    /// Has the server closed in order when the process is told to stop.
    void closeAtExit() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::closeNow, "close-server"));
    }

    private void closeNow() {
        try {
            close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() throws IOException {
        context.close();
        folder.close();
    }
}
