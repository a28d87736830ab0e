package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.AtOnce;
import dev.safelight.testing.FormBody;
import dev.safelight.testing.Grant;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A crowd of strangers sends large forms that nobody granted.
@ExtendWith(ShowServerLog.class)
@Tag("slow")
class UploadFloodIT {
    private static final int STRANGERS = 1000;
    private static final int EACH = 1 << 20;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int ENDED = 0;
    private static final long MOST_RESIDENT = 1L << 30;

    @TempDir
    Path folder = Path.of("");

    @Test
    void keepsItsMemoryAndServesOthersMeanwhile() throws Exception {
        byte[] picture = Pictures.jpeg(100, 80);
        List<Socket> crowd = new ArrayList<>();
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"));
                ApiUser admin = server.admin()) {
            Grant grant = admin.grant(UploadOrder.jpeg("mine.jpg", picture.length));
            byte[] body = FormBody.of(
                            Map.of("key", "raw/own.jpg", "policy", "e30=", "x-amz-signature", "0"), new byte[EACH])
                    .bytes();
            Thread strangers = Thread.ofVirtual()
                    .start(() -> crowd.addAll(AtOnce.run(STRANGERS, stranger -> begin(grant.url(), body))));
            // Room for strangers is bounded, and nobody knows yet who is none: an honest client may be asked to wait.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> admin.sendForm(grant, picture).status(), status -> status == 201);
            assertThat(resident(server.pid())).isLessThan(MOST_RESIDENT);
            strangers.join();
            assertThat(resident(server.pid())).isLessThan(MOST_RESIDENT);
            List<Integer> refusals = crowd.stream().map(UploadFloodIT::refusal).toList();
            assertThat(refusals).isSubsetOf(ENDED, 400, 403, 408, 503);
            assertThat(refusals).as("the refusals that are told").containsAnyOf(400, 403, 503);
            assertThat(admin.awaitEnd(grant).path("status").asString()).isEqualTo("READY");
            assertThat(admin.upload(UploadOrder.jpeg("after.jpg", picture.length), picture)
                            .path("status")
                            .asString())
                    .isEqualTo("READY");
            assertThat(server.log()).doesNotContain("OutOfMemoryError");
            Path objects = server.data().resolve("store").resolve("objects");
            assertThat(files(objects.resolve("staging"))).isZero();
            assertThat(files(objects.resolve("raw"))).isEqualTo(2);
        }
    }

    /// Sends as much of a form as the other side takes without waiting, and does not read.
    private static Socket begin(URI url, byte[] body) {
        Socket socket = new Socket();
        String head = "POST " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nContent-Type: "
                + new FormBody(body).contentType() + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        try {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body, 0, body.length / 2);
        } catch (IOException refused) {
            // Sent away before it could say much.
        }
        return socket;
    }

    /// The status that a stranger is told, if the connection does not just end.
    private static int refusal(Socket socket) {
        try (socket) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line == null ? ENDED : Integer.parseInt(line.split(" ")[1]);
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("a stranger is kept waiting", silent);
        } catch (IOException ended) {
            return ENDED;
        }
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    private static long files(Path container) throws IOException {
        try (var tree = Files.walk(container)) {
            return tree.filter(Files::isRegularFile).count();
        }
    }
}
