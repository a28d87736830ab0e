package dev.safelight.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A server of the packaged jar whose clients reach the object store through a network that fails as it is
/// told.
public record ServerBehindProxy(SafelightProcess server, CutProxy proxy, ApiUser admin) implements AutoCloseable {

    /// @param environment variables beside those that lead clients to the proxy
    public static ServerBehindProxy serve(Path data, Map<String, String> environment) {
        CutProxy proxy = CutProxy.toNowhere();
        int port = FreePort.take();
        proxy.forwardTo(port);
        Map<String, String> all = new HashMap<>(environment);
        all.put("SAFELIGHT_EMBEDDED_S3PUBLICURL", proxy.url().toString());
        SafelightProcess server = SafelightProcess.serve(data, all, "--s3-port", String.valueOf(port));
        return new ServerBehindProxy(server, proxy, server.admin());
    }

    /// The files of the embedded store below a folder such as `raw` or `staging`.
    public long filesIn(String folder) {
        Path root = server.data().resolve("store").resolve("objects").resolve(folder);
        try (var tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile).count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        admin.close();
        server.close();
        proxy.close();
    }
}
