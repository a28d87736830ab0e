package dev.safelight.front;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import tools.jackson.databind.json.JsonMapper;

/// A server whose front is as settings say, and which tells behind it who asked and how.
final class FrontFixture implements AutoCloseable {
    static final FrontSettings PLAIN = new FrontSettings(64, 64, 0, 0, List.of(), false, Duration.ZERO);
    static final TlsSettings NO_TLS =
            new TlsSettings(0, null, null, null, Duration.ofMinutes(1), TlsSettings.Provider.AUTO);

    /// More than the buffers of both sides hold.
    static final int LONG = 32 << 20;

    final FinishAnswers finish = new FinishAnswers();
    private final Server server = new Server(new QueuedThreadPool(16, 2));

    FrontFixture(FrontSettings settings) throws Exception {
        this(settings, NO_TLS);
    }

    FrontFixture(FrontSettings settings, TlsSettings tls) throws Exception {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
        server.addConnector(connector);
        server.setHandler(new Echo());
        FrontConfiguration configuration = new FrontConfiguration();
        add(configuration.compression());
        add(configuration.front(
                settings, tls, new ServerProblems(JsonMapper.builder().build()), finish));
        server.start();
    }

    private void add(WebServerFactoryCustomizer<?> layer) {
        ((ServerLayer) layer).add().accept(server);
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port(0) + path);
    }

    URI secureUrl(String path) {
        return URI.create("https://127.0.0.1:" + port(1) + path);
    }

    int port(int connector) {
        return ((ServerConnector) server.getConnectors()[connector]).getLocalPort();
    }

    /// `/type/…` answers that type with 5,000 bytes, `/long` [#LONG] bytes, all else the address, the scheme
    /// and the version of the request.
    private static final class Echo extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = request.getHttpURI().getPath();
            if (path.equals("/long")) {
                response.write(true, ByteBuffer.allocate(LONG), callback);
                return true;
            }
            String type = path.startsWith("/type/") ? path.substring("/type/".length()) : "text/plain";
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            String text = path.startsWith("/type/")
                    ? "x".repeat(5_000)
                    : Request.getRemoteAddr(request) + " "
                            + request.getHttpURI().getScheme() + " " + request.isSecure() + " "
                            + request.getConnectionMetaData().getHttpVersion();
            Content.Sink.write(response, true, text, callback);
            return true;
        }
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
