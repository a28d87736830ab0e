package dev.safelight.front;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Security;
import java.util.List;
import java.util.Objects;
import org.conscrypt.Conscrypt;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port for HTTPS, which speaks HTTP/2 and HTTP/1.1, and takes a new certificate while it runs.
///
/// Conscrypt brings BoringSSL, which costs a fraction of what the JDK's TLS does; where it has no library for
/// the machine, the JDK's is used.
final class TlsConnector extends AbstractLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(TlsConnector.class);
    /// Streams of one connection of HTTP/2 at a time; browsers use up to 100.
    private static final int STREAMS = 128;
    /// Frames a second that only make work, such as those of a client that opens and resets streams.
    private static final int IDLE_FRAMES = 100;

    private final Path chain;
    private final Path key;
    private final TlsSettings settings;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private @Nullable Thread looking;
    private volatile List<FileTime> taken;

    /// @throws IllegalArgumentException when there is no certificate to begin with
    TlsConnector(TlsSettings settings) throws IOException {
        this.settings = settings;
        this.chain = Objects.requireNonNull(settings.certificate());
        this.key = Objects.requireNonNull(settings.key());
        this.taken = times();
        useProvider();
        context.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        context.setKeyStore(read().toKeyStore());
        context.setKeyStorePassword("");
        context.setRenegotiationAllowed(false);
    }

    private Certificate read() {
        try {
            return Certificate.read(chain, key);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("safelight.tls: " + wrong.getMessage(), wrong);
        }
    }

    private void useProvider() {
        if (settings.provider() == TlsSettings.Provider.JDK) {
            return;
        }
        if (Conscrypt.isAvailable()) {
            if (Security.getProvider("Conscrypt") == null) {
                // Behind all others: only who asks for it by name gets it.
                Security.addProvider(Conscrypt.newProviderBuilder()
                        .provideTrustManager(false)
                        .build());
            }
            context.setProvider("Conscrypt");
        } else if (settings.provider() == TlsSettings.Provider.CONSCRYPT) {
            throw new IllegalArgumentException(
                    "safelight.tls.provider: Conscrypt has no library for this machine; jdk and auto work everywhere");
        } else {
            LOG.info("TLS is done by the JDK: Conscrypt has no library for this machine");
        }
    }

    /// Adds the port to a server.
    ///
    /// @param plain how the server reads HTTP on its other port
    ServerConnector addTo(Server server, HttpConfiguration plain, int selectors) {
        HttpConfiguration http = new HttpConfiguration(plain);
        // A certificate need not name the host that a client asks for: it may come through a tunnel or by an address.
        http.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(STREAMS);
        http2.setRateControlFactory(new WindowRateControl.Factory(IDLE_FRAMES));
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        SslConnectionFactory tls = new SslConnectionFactory(context, alpn.getProtocol());
        boolean native_ = "Conscrypt".equals(context.getProvider());
        tls.setDirectBuffersForEncryption(native_);
        tls.setDirectBuffersForDecryption(native_);
        ServerConnector connector = new ServerConnector(server, 1, selectors, tls, alpn, http2, http1);
        connector.setPort(settings.port());
        connector.setName("https");
        connector.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarted(LifeCycle event) {
                LOG.info("HTTPS is served on port {}", connector.getLocalPort());
            }
        });
        server.addConnector(connector);
        server.addBean(this);
        return connector;
    }

    @Override
    protected void doStart() {
        looking = Thread.ofVirtual().name("certificate").start(this::look);
    }

    @Override
    protected void doStop() {
        Thread thread = looking;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(settings.reload());
                takeWhatChanged();
            }
        } catch (InterruptedException stopped) {
            LOG.debug("The certificate is looked at no more");
        }
    }

    /// What cannot be read is left for the next time: the files may be in the middle of being exchanged.
    private void takeWhatChanged() {
        try {
            List<FileTime> now = times();
            if (now.equals(taken)) {
                return;
            }
            Certificate certificate = read();
            context.reload(factory -> factory.setKeyStore(certificate.toKeyStore()));
            taken = now;
            LOG.info(
                    "A new certificate is used, which is valid until {}",
                    certificate.chain().getFirst().getNotAfter().toInstant());
        } catch (Exception failed) {
            LOG.warn("The certificate has changed and cannot be taken; the old one goes on: {}", failed.getMessage());
        }
    }

    private List<FileTime> times() throws IOException {
        for (Path file : List.of(chain, key)) {
            if (!Files.exists(file)) {
                throw new IllegalArgumentException("safelight.tls: " + file + " does not exist");
            }
        }
        return List.of(Files.getLastModifiedTime(chain), Files.getLastModifiedTime(key));
    }
}
