package dev.safelight.cli;

import dev.safelight.Safelight;
import dev.safelight.cli.ServerOptions.ServerRole;
import dev.safelight.server.ExternalServices;
import dev.safelight.server.StopSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertyResolver;

/// A server in this process, from its start until it is closed.
final class RunningServer implements AutoCloseable {
    private final DataFolder folder;
    private final ConfigurableApplicationContext context;
    private final String url;
    private boolean closed;

    private RunningServer(DataFolder folder, ConfigurableApplicationContext context, String url) {
        this.folder = folder;
        this.context = context;
        this.url = url;
    }

    static RunningServer start(ServerOptions options) throws IOException {
        return start(options, Map.of());
    }

    /// @param more settings that come before all others
    static RunningServer start(ServerOptions options, Map<String, Object> more) throws IOException {
        ServerAddress address = ServerAddress.of(options);
        DataFolder folder = new DataFolder(options.data);
        folder.acquire();
        try {
            address.requireFree();
        } catch (CliException inUse) {
            folder.close();
            throw inUse;
        }
        SpringApplication application = new SpringApplicationBuilder(Safelight.class)
                .initializers(starting -> {
                    var environment = starting.getEnvironment();
                    environment
                            .getPropertySources()
                            .addFirst(new MapPropertySource(
                                    "options", settings(options, folder, address, environment, more)));
                    ExternalServices.require(environment);
                })
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
        RunningServer server = new RunningServer(folder, context, address.url());
        try {
            folder.writeRun(address.url());
        } catch (IOException failed) {
            server.close();
            throw failed;
        }
        return server;
    }

    /// What the options say. It comes before the environment and files, as what was locked and announced does
    /// not change.
    private static Map<String, Object> settings(
            ServerOptions options,
            DataFolder folder,
            ServerAddress address,
            PropertyResolver configured,
            Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(address.settings(options, configured));
        settings.putAll(more);
        settings.put("safelight.data", folder.path().toString());
        settings.put("safelight.work.folder", folder.path().resolve("work").toString());
        if (options.roles != null) {
            settings.put(
                    "safelight.roles",
                    options.roles.stream().map(ServerRole::name).collect(Collectors.joining(",")));
        }
        return settings;
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
        StopSignals.handle(settings().limit());
    }

    private void closeNow() {
        try {
            close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Tells load balancers to send nothing more, and goes on answering until they have noticed.
    private void leaveTurns() {
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        try {
            Thread.sleep(settings().notice());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private StopSettings settings() {
        return context.getBean(StopSettings.class);
    }

    /// Closes it once; who comes second waits until the first is done, so that the process does not end in
    /// between.
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        leaveTurns();
        context.close();
        // The folder may belong to another server as soon as it is let go, which is why it is not touched again.
        folder.close();
    }
}
