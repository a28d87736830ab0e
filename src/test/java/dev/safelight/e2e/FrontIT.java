package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.TestCertificate;
import dev.safelight.testing.UploadOrder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What stands before every request of the packaged server.
@ExtendWith(ShowServerLog.class)
class FrontIT {
    private static final Pattern HTTPS_PORT = Pattern.compile("HTTPS is served on port ([0-9]+)");

    @TempDir
    Path folder = Path.of("");

    private static HttpClient trusting(X509Certificate certificate) throws Exception {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        known.setCertificateEntry("server", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpResponse<byte[]> get(HttpClient client, URI url, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        return client.send(
                (fields.length == 0 ? request : request.headers(fields)).build(), BodyHandlers.ofByteArray());
    }

    @Test
    void servesHttpsAloneAndHoldsClientsToTheirRate() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder, "EC");
        Map<String, String> settings = new HashMap<>(Map.of(
                "SAFELIGHT_TLS_CERTIFICATE", certificate.chain().toString(),
                "SAFELIGHT_TLS_KEY", certificate.key().toString(),
                "SAFELIGHT_TLS_PORT", "0",
                "SAFELIGHT_TLS_PUBLICPORT", "8443",
                "SAFELIGHT_FRONT_HTTPSONLY", "true",
                "SAFELIGHT_FRONT_HSTS", "1d",
                "SAFELIGHT_FRONT_TRUSTEDPROXIES", "127.0.0.1",
                "SAFELIGHT_FRONT_REQUESTSPERSECOND", "1",
                "SAFELIGHT_FRONT_BURST", "4"));
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"), settings);
                HttpClient client = trusting(certificate.certificate())) {
            URI secure = secureUrl(server);
            HttpResponse<byte[]> openapi = get(
                    client,
                    secure.resolve("/v1/openapi"),
                    "Accept-Encoding",
                    "zstd, gzip",
                    "X-Forwarded-For",
                    "203.0.113.1");
            assertThat(openapi.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(openapi.statusCode()).isEqualTo(200);
            assertThat(openapi.headers().firstValue("Strict-Transport-Security"))
                    .contains("max-age=86400");
            assertThat(openapi.headers().firstValue("Content-Encoding")).contains("zstd");

            HttpResponse<byte[]> plain =
                    get(client, server.url().resolve("/media/x?y"), "X-Forwarded-For", "203.0.113.2");
            assertThat(plain.statusCode()).isEqualTo(308);
            assertThat(plain.headers().firstValue("Location")).contains("https://localhost:8443/media/x?y");
            Command list = Command.run("asset", "list", "--data", server.data().toString());
            assertThat(list.exitCode()).isEqualTo(3);
            assertThat(list.messages())
                    .singleElement()
                    .asString()
                    .endsWith("answers at https://localhost:8443/ alone: name that by --url.");
            assertThat(get(client, server.url().resolve("/actuator/health"), "X-Forwarded-For", "203.0.113.3")
                            .statusCode())
                    .isEqualTo(200);

            int refused = 0;
            for (int i = 0; i < 8; i++) {
                refused += get(client, secure.resolve("/media/x"), "X-Forwarded-For", "203.0.113.4")
                                        .statusCode()
                                == 429
                        ? 1
                        : 0;
            }
            assertThat(refused).isPositive();
        }
    }

    /// With the port that it took.
    private static URI secureUrl(SafelightProcess server) {
        Matcher line = HTTPS_PORT.matcher(server.log());
        assertThat(line.find()).as(server.log()).isTrue();
        return URI.create("https://127.0.0.1:" + line.group(1));
    }

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
        Command noCertificate = Command.run(
                Map.of("SAFELIGHT_TLS_CERTIFICATE", nonsense.toString(), "SAFELIGHT_TLS_KEY", nonsense.toString()),
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--port",
                "0");
        assertThat(noCertificate.exitCode()).isNotZero();
        assertThat(noCertificate.err())
                .contains("safelight.tls", "nonsense.pem")
                .doesNotContain("\tat ", "Exception");
        Command wrongProxy = Command.run(
                Map.of("SAFELIGHT_FRONT_TRUSTEDPROXIES", "proxy.example"),
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--port",
                "0");
        assertThat(wrongProxy.exitCode()).isNotZero();
        assertThat(wrongProxy.err())
                .contains("safelight.front.trusted-proxies", "proxy.example")
                .doesNotContain("\tat ");
    }

    @Test
    void letsADownloadEndThatIsUnderWayWhenItIsStopped() throws Exception {
        byte[] picture = noise(3_600, 2_700);
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"))) {
            JsonNode largest;
            try (ApiUser admin = server.admin()) {
                largest = admin.upload(UploadOrder.jpeg("a.jpg", picture.length), picture)
                        .path("variants")
                        .valueStream()
                        .max(Comparator.comparingLong(
                                variant -> variant.path("bytes").asLong()))
                        .orElseThrow();
            }
            long bytes = largest.path("bytes").asLong();
            String url = largest.path("url").asString();
            try (Socket reader = new Socket()) {
                reader.setReceiveBufferSize(16 << 10);
                reader.connect(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.url().getPort()));
                reader.getOutputStream()
                        .write(("GET " + url.substring(url.indexOf("/media/"))
                                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                InputStream in = reader.getInputStream();
                long read = in.readNBytes(1_000).length;
                CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop);
                await().atMost(Duration.ofSeconds(10)).until(() -> refusesConnections(server));
                assertThat(stopped).isNotDone();
                read += in.transferTo(OutputStream.nullOutputStream());
                assertThat(read).as("bytes with the header").isGreaterThan(bytes);
                stopped.join();
            }
        }
    }

    /// A picture whose variants are large.
    private static byte[] noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return Pictures.encoded(image, "jpeg");
    }

    private static boolean refusesConnections(SafelightProcess server) {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
            return false;
        } catch (IOException refused) {
            return true;
        }
    }
}
