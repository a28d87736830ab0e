package dev.safelight.front;

import java.util.function.Consumer;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/// Handlers that are put around those that are there already; the order is from the servlets outwards.
///
/// @param order [#SERVLETS], [#DELIVERY] or [#FRONT]
public record ServerLayer(int order, Consumer<Server> add)
        implements WebServerFactoryCustomizer<JettyServletWebServerFactory>, Ordered {
    /// Boot's own customizers come before all.
    public static final int SERVLETS = 100;

    public static final int DELIVERY = 200;
    public static final int FRONT = 300;

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(add::accept);
    }
}
