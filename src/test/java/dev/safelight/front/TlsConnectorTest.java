package dev.safelight.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.CapturedLog;
import dev.safelight.testing.TestCertificate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsConnectorTest {
    @TempDir
    Path folder;

    private final List<FrontFixture> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (FrontFixture front : running) {
            front.close();
        }
    }

    private FrontFixture start(FrontSettings settings, TlsSettings tls) throws Exception {
        FrontFixture front = new FrontFixture(settings, tls);
        running.add(front);
        return front;
    }

    private static TlsSettings settings(Path chain, Path key, TlsSettings.Provider provider) {
        return new TlsSettings(0, null, chain, key, Duration.ofSeconds(1), provider);
    }

    private static HttpClient trusting(X509Certificate certificate, HttpClient.Version version, String... protocols)
            throws Exception {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        known.setCertificateEntry("server", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        HttpClient.Builder client = HttpClient.newBuilder().sslContext(context).version(version);
        if (protocols.length > 0) {
            SSLParameters parameters = new SSLParameters();
            parameters.setProtocols(protocols);
            client.sslParameters(parameters);
        }
        return client.build();
    }

    private static HttpResponse<String> get(HttpClient client, FrontFixture front) throws Exception {
        return client.send(HttpRequest.newBuilder(front.secureUrl("/")).build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({"CONSCRYPT, EC", "CONSCRYPT, RSA", "JDK, EC", "AUTO, EC"})
    void speaksBothVersionsOfHttp(TlsSettings.Provider provider, String algorithm) throws Exception {
        TestCertificate certificate = TestCertificate.in(folder, algorithm);
        FrontFixture front = start(FrontFixture.PLAIN, settings(certificate.chain(), certificate.key(), provider));
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version.name().equals("HTTP_3")) {
                continue;
            }
            try (HttpClient client = trusting(certificate.certificate(), version)) {
                HttpResponse<String> answer = get(client, front);
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.body()).startsWith("127.0.0.1 https true HTTP/");
            }
        }
        try (HttpClient old = trusting(certificate.certificate(), HttpClient.Version.HTTP_2, "TLSv1.2")) {
            assertThat(get(old, front).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void opensNoMoreStreamsWhileItStops() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder, "EC");
        FrontFixture front =
                start(FrontFixture.PLAIN, settings(certificate.chain(), certificate.key(), TlsSettings.Provider.AUTO));
        try (HttpClient client = trusting(certificate.certificate(), HttpClient.Version.HTTP_2)) {
            HttpRequest request = HttpRequest.newBuilder(front.secureUrl("/")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).version()).isEqualTo(HttpClient.Version.HTTP_2);

            front.finish.stop();

            // The client is told to leave its connection, and gets no other.
            await().untilAsserted(() -> assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class));
        }
    }

    @Test
    void takesANewCertificateWhileItRuns() throws Exception {
        TestCertificate first = TestCertificate.in(folder, "EC");
        FrontFixture front = start(FrontFixture.PLAIN, settings(first.chain(), first.key(), TlsSettings.Provider.AUTO));
        try (HttpClient client = trusting(first.certificate(), HttpClient.Version.HTTP_2)) {
            assertThat(get(client, front).statusCode()).isEqualTo(200);
        }
        String good = Files.readString(first.chain());
        try (CapturedLog log = new CapturedLog()) {
            Files.writeString(first.chain(), "in the middle of being written");
            await().atMost(Duration.ofSeconds(20)).until(() -> log.text().contains("the old one goes on"));
        }
        try (HttpClient client = trusting(first.certificate(), HttpClient.Version.HTTP_2)) {
            assertThat(get(client, front).statusCode()).isEqualTo(200);
        }
        Files.writeString(first.chain(), good);
        TestCertificate second = TestCertificate.in(folder, "EC");
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
            try (HttpClient client = trusting(second.certificate(), HttpClient.Version.HTTP_2)) {
                assertThat(get(client, front).statusCode()).isEqualTo(200);
            }
        });
        try (HttpClient client = trusting(first.certificate(), HttpClient.Version.HTTP_2)) {
            assertThatThrownBy(() -> get(client, front)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void doesNotSendClientsToAPortThatNobodyKnows() {
        TestCertificate certificate = TestCertificate.in(folder, "EC");
        FrontSettings httpsOnly = new FrontSettings(64, 64, 0, 0, List.of(), true, Duration.ZERO);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        start(httpsOnly, settings(certificate.chain(), certificate.key(), TlsSettings.Provider.AUTO)))
                .withMessageContaining("safelight.tls.public-port");
    }

    @Test
    void saysWhatIsWrongWithItsFiles() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder, "EC");
        Path other = Files.createDirectory(folder.resolve("other"));
        TestCertificate foreign = TestCertificate.in(other, "EC");
        Path nonsense = Files.writeString(folder.resolve("nonsense"), "nonsense");

        assertStartFails(certificate.chain(), foreign.key(), "is not that of the first certificate");
        assertStartFails(nonsense, certificate.key(), "holds no certificates");
        assertStartFails(certificate.chain(), nonsense, "holds no private key");
        assertStartFails(folder.resolve("absent"), certificate.key(), "safelight.tls.certificate: cannot read");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {0x30, (byte) 0x82, 0x01});
        assertStartFails(binary, certificate.key(), binary + " is no text");
        assertStartFails(certificate.chain(), binary, binary + " is no text");
        assertStartFails(certificate.chain(), other, other + " is a folder");
        TestCertificate unusual = TestCertificate.in(Files.createDirectory(folder.resolve("unusual")), "Ed25519");
        assertStartFails(unusual.chain(), unusual.key(), "must be one of RSA or EC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlsSettings(
                        0, null, certificate.chain(), null, Duration.ofMinutes(1), TlsSettings.Provider.AUTO))
                .withMessageContaining("belong together");
        assertThat(List.of(certificate.chain(), certificate.key()))
                .allSatisfy(file -> assertThat(file).exists());
    }

    private static void assertStartFails(Path chain, Path key, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new FrontFixture(FrontFixture.PLAIN, settings(chain, key, TlsSettings.Provider.AUTO)).close())
                .withMessageStartingWith("safelight.tls")
                .withMessageContaining(message);
    }
}
