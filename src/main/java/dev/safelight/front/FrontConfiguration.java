package dev.safelight.front;

import java.io.IOException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/// Puts the front before the servlets of this process, and what else stands between the two.
@Configuration(proxyBeanMethods = false)
class FrontConfiguration {
    /// Connections that the system takes while the server is busy; the default of Java is 50, and others time
    /// out.
    private static final int BACKLOG = 1024;

    @Bean
    ServerProblems serverProblems(ObjectMapper json) {
        return new ServerProblems(json);
    }

    @Bean
    FinishAnswers finishAnswers() {
        return new FinishAnswers();
    }

    /// Innermost: right before the servlets.
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> compression() {
        return new ServerLayer(
                ServerLayer.SERVLETS, server -> server.setHandler(Compression.inFrontOf(server.getHandler())));
    }

    /// Outermost: before whatever answers.
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> front(
            FrontSettings settings, TlsSettings tls, ServerProblems problems, FinishAnswers finish) throws IOException {
        TrustedProxies proxies = new TrustedProxies(settings.trustedProxies());
        if (settings.httpsOnly() && !tls.isOn() && proxies.isEmpty()) {
            throw new IllegalArgumentException("safelight.front.https-only needs a way for https:, which is"
                    + " safelight.tls.certificate or a proxy in safelight.front.trusted-proxies.");
        }
        if (settings.httpsOnly() && tls.isOn() && tls.port() == 0 && tls.publicPort() == null) {
            throw new IllegalArgumentException("safelight.front.https-only needs to know where to send clients: set"
                    + " safelight.tls.port, or safelight.tls.public-port where that is 0.");
        }
        TlsConnector secure = tls.isOn() ? new TlsConnector(tls) : null;
        return new ServerLayer(ServerLayer.FRONT, server -> {
            server.setErrorHandler(problems);
            listen(server, settings, proxies, secure);
            OpenRequests requests = new OpenRequests(guards(server.getHandler(), settings, tls, problems));
            server.setHandler(new LingeringClose(requests));
            finish.watch(server, requests);
        });
    }

    private static void listen(
            Server server, FrontSettings settings, TrustedProxies proxies, @Nullable TlsConnector secure) {
        ServerConnector plain = (ServerConnector) server.getConnectors()[0];
        if (plain.getIdleTimeout() <= 0) {
            throw new IllegalArgumentException("server.jetty.connection-idle-timeout must be longer than nothing,"
                    + " such as 30s: nobody else ends connections of clients that went away.");
        }
        HttpConfiguration http =
                plain.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
        // Among others, a bare LF ends no line: a proxy in front may read on where this server would begin anew.
        http.setHttpCompliance(HttpCompliance.STRICT);
        // It would take 64 KB for each connection, which are moved to the old generation while many connect: whole
        // collections of 150 ms followed. Known names of fields are found without it.
        http.setHeaderCacheSize(0);
        if (!proxies.isEmpty()) {
            http.addCustomizer(proxies);
        }
        if (secure != null) {
            ServerConnector connector =
                    secure.addTo(server, http, plain.getSelectorManager().getSelectorCount());
            connector.setHost(plain.getHost());
            connector.setIdleTimeout(plain.getIdleTimeout());
        }
        for (Connector connector : server.getConnectors()) {
            ((ServerConnector) connector).setAcceptQueueSize(BACKLOG);
            // While the server stops, a slow reader may pause as long as ever.
            ((AbstractConnector) connector).setShutdownIdleTimeout(connector.getIdleTimeout());
            ((AbstractConnector) connector).addBean(new ClientConnections(settings.connectionsPerClient(), proxies));
        }
        server.addBean(new NetworkConnectionLimit(settings.connections(), server));
    }

    private static Handler guards(Handler inner, FrontSettings settings, TlsSettings tls, ServerProblems problems) {
        Handler handler = inner;
        if (settings.requestsPerSecond() > 0) {
            RequestRates rates = new RequestRates(settings.requestsPerSecond(), settings.burstOrDefault(), problems);
            rates.setHandler(handler);
            handler = rates;
        }
        if (settings.httpsOnly() || !settings.hsts().isZero()) {
            Integer publicPort = tls.publicPort();
            int port = publicPort != null ? publicPort : tls.isOn() ? tls.port() : 443;
            SecureTransport transport = new SecureTransport(settings.httpsOnly(), port, settings.hsts(), problems);
            transport.setHandler(handler);
            handler = transport;
        }
        return handler;
    }
}
