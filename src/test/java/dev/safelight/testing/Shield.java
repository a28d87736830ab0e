package dev.safelight.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// A real nginx or Varnish in front of a server, configured as `deploy/` has it but for the site's own files.
public final class Shield implements AutoCloseable {
    /// What may purge it.
    public static final String TOKEN = "a-secret-of-the-shields-in-tests";

    private final Path folder;
    private final List<String> command;
    private final int port;
    private Process process;

    private Shield(Path folder, List<String> command, int port) {
        this.folder = folder;
        this.command = command;
        this.port = port;
        this.process = begin();
    }

    /// @param folder that it may fill
    /// @param origin the port of what it stands in front of
    public static Shield nginx(Path folder, int origin) {
        return nginx(folder, origin, "32m");
    }

    /// @param memory for what was purged, as nginx writes sizes
    public static Shield nginx(Path folder, int origin, String memory) {
        int port = FreePort.take();
        Path own = copy("nginx", folder.resolve("safelight"));
        Path site = own.resolve("site");
        folder("cache", folder);
        folder("logs", folder);
        // Below the folder of the JUnit, which is for its owner alone: workers have to be the same user.
        replace(site.resolve("http.conf"), "/etc/nginx/safelight", own.toString());
        replace(
                site.resolve("http.conf"),
                "/var/cache/safelight",
                folder.resolve("cache").toString());
        replace(site.resolve("http.conf"), "127.0.0.1:8080", "127.0.0.1:" + origin);
        replace(own.resolve("safelight.conf"), "safelight_generations 32m", "safelight_generations " + memory);
        write(site.resolve("server.conf"), "listen 127.0.0.1:" + port + ";\n");
        write(
                site.resolve("safelight_site.lua"),
                "return { token = \"%s\", generations = \"%s\" }\n".formatted(TOKEN, folder.resolve("generations")));
        Path main = folder.resolve("nginx.conf");
        write(main, """
                daemon off;
                user %s;
                load_module /usr/lib/nginx/modules/ndk_http_module.so;
                load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
                error_log %s/logs/error.log warn;
                pid %s/nginx.pid;
                worker_processes 2;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    client_body_temp_path %s/logs/body;
                    include safelight/safelight.conf;
                }
                """.formatted(System.getProperty("user.name"), folder, folder, folder));
        return new Shield(
                folder,
                List.of(
                        "/usr/sbin/nginx",
                        "-p",
                        folder.toString(),
                        "-c",
                        main.toString(),
                        "-e",
                        folder + "/logs/start.log"),
                port);
    }

    /// The same with Varnish.
    public static Shield varnish(Path folder, int origin) {
        return varnish(folder, origin, Duration.ofMinutes(1));
    }

    /// @param grace how long it shows what is old without asking first, where the origin is well
    public static Shield varnish(Path folder, int origin, Duration grace) {
        int port = FreePort.take();
        Path own = copy("varnish", folder.resolve("safelight"));
        write(own.resolve("purge.token"), TOKEN);
        replace(own.resolve("safelight.vcl"), "req.grace = 60s", "req.grace = " + grace.toSeconds() + "s");
        replace(own.resolve("safelight-site.vcl"), "\"8080\"", "\"" + origin + "\"");
        replace(
                own.resolve("safelight-site.vcl"),
                "/etc/varnish/purge.token",
                own.resolve("purge.token").toString());
        return new Shield(
                folder,
                List.of(
                        "/usr/sbin/varnishd",
                        "-F",
                        "-j",
                        "none",
                        "-n",
                        folder.resolve("run").toString(),
                        "-a",
                        "127.0.0.1:" + port,
                        "-f",
                        own.resolve("safelight.vcl").toString(),
                        "-p",
                        "vcl_path=" + own,
                        "-s",
                        "malloc,64m"),
                port);
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /// Ends it as kill -9 does, and starts it again on the same folder.
    public void killAndRestart() {
        kill();
        process = begin();
    }

    private Process begin() {
        try {
            Process begun = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("shield.log").toFile()))
                    .start();
            await("the shield in " + folder).atMost(Duration.ofSeconds(30)).until(() -> isListening(begun));
            return begun;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private boolean isListening(Process begun) {
        if (!begun.isAlive()) {
            throw new IllegalStateException("the shield ended: " + read(folder.resolve("shield.log")));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void kill() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !process.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Override
    public void close() {
        kill();
    }

    private static Path copy(String kind, Path target) {
        Path source = Path.of("deploy", kind);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copied = target.resolve(source.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copied);
                } else {
                    Files.copy(file, copied);
                }
            }
            return target;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void folder(String name, Path parent) {
        try {
            Files.createDirectories(parent.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void replace(Path file, String text, String other) {
        String content = read(file);
        if (!content.contains(text)) {
            throw new IllegalStateException(file + " does not hold " + text);
        }
        write(file, content.replace(text, other));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
