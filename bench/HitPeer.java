import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A server that answers the same requests: nginx with files, nginx as a cache, Varnish.
final class HitPeer implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    /// Workers of root take another account otherwise, which may read no file of a private folder.
    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    private final String name;
    private final Process process;
    private final String url;
    private final String secureUrl;

    private HitPeer(String name, Process process, String url, String secureUrl) {
        this.name = name;
        this.process = process;
        this.url = url;
        this.secureUrl = secureUrl;
    }

    String name() {
        return name;
    }

    String url() {
        return url;
    }

    String secureUrl() {
        return secureUrl;
    }

    /// Files below a root, also by HTTPS.
    static HitPeer nginxFiles(Path folder, Path root, Path certificate, Path key) throws Exception {
        int port = freePort();
        int securePort = freePort();
        return nginx("nginx", folder, port, securePort, """
                open_file_cache max=1000 inactive=60s;
                server {
                  listen 127.0.0.1:%d reuseport backlog=1024;
                  listen 127.0.0.1:%d ssl reuseport backlog=1024;
                  ssl_certificate %s;
                  ssl_certificate_key %s;
                  ssl_protocols TLSv1.2 TLSv1.3;
                  root %s;
                  etag on;
                  add_header Cache-Control "public, max-age=31536000, immutable";
                }
                """.formatted(port, securePort, certificate, key, root));
    }

    static HitPeer nginxCache(Path folder, String origin) throws Exception {
        int port = freePort();
        return nginx("nginx_cache", folder, port, 0, """
                proxy_cache_path %s/cache levels=1:2 keys_zone=one:10m max_size=1g inactive=1h use_temp_path=off;
                server {
                  listen 127.0.0.1:%d reuseport backlog=1024;
                  location / {
                    proxy_pass %s;
                    proxy_cache one;
                  }
                }
                """.formatted(folder, port, origin));
    }

    private static HitPeer nginx(String name, Path folder, int port, int securePort, String servers) throws Exception {
        Path configuration = Files.writeString(Files.createDirectories(folder).resolve("nginx.conf"), """
                %3$s
                worker_processes auto;
                daemon off;
                pid %1$s/pid;
                error_log stderr warn;
                events { worker_connections 4096; }
                http {
                  types { image/webp webp; image/jpeg jpg; }
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  keepalive_requests 100000000;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  %2$s
                }
                """.formatted(folder, servers, ROOT ? "user root;" : ""));
        return start(name, folder, port, securePort, "nginx", "-p", folder.toString(), "-c", configuration.toString());
    }

    static HitPeer varnish(Path folder, String origin) throws Exception {
        int port = freePort();
        return start(
                "varnish", Files.createDirectories(folder), port, 0,
                "varnishd", "-F", "-j", "none", "-n", folder.resolve("work").toString(), "-a", "127.0.0.1:" + port,
                "-b", origin.replace("http://", ""), "-s", "malloc,256m");
    }

    private static HitPeer start(String name, Path folder, int port, int securePort, String... command)
            throws Exception {
        Path log = folder.resolve("log");
        Process process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        HitPeer peer = new HitPeer(name, process, "http://127.0.0.1:" + port, "https://127.0.0.1:" + securePort);
        for (int i = 0; i < 200; i++) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended: " + Files.readString(log));
            }
            try {
                HTTP.send(HttpRequest.newBuilder(URI.create(peer.url)).build(), HttpResponse.BodyHandlers.discarding());
                return peer;
            } catch (IOException notYet) {
                Thread.sleep(50);
            }
        }
        throw new IOException(name + " does not answer: " + Files.readString(log));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private List<Long> processes() {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    double cpuMillis() throws IOException {
        double millis = 0;
        for (long pid : processes()) {
            millis += KernelAccounts.cpuMillis(pid, false);
        }
        return millis;
    }

    long residentMegabytes() throws IOException {
        long sum = 0;
        for (long pid : processes()) {
            sum += KernelAccounts.megabytes(pid, "VmRSS");
        }
        return sum;
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor();
    }
}
