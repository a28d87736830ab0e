package dev.safelight.delivery;

import dev.safelight.asset.Failure;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.delivery.OrderDesk.Ticket;
import dev.safelight.delivery.PictureFinder.Found;
import dev.safelight.render.Rendered;
import dev.safelight.render.Renderer;
import dev.safelight.render.Subject;
import dev.safelight.transform.ImageRequest;
import dev.safelight.transform.TransformUrls;
import dev.safelight.usage.Feature;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Answers requests for pictures made on demand that memory could not, on a thread that may block.
///
/// The order of the checks is the order of the code: the address, its signature and the policy; then
/// whether the picture may be delivered at all, and to this caller; then what is to be made; only then
/// anything is read.
final class ImageHandler extends Handler.Wrapper {
    private final TransformUrls urls;
    private final PictureFinder pictures;
    private final OrderDesk desk;
    private final Renderer renderer;
    private final MediaMemory memory;
    private final RequestIndex index;
    private final Exchange.Means means;
    private final InstantSource clock;

    ImageHandler(Parts parts, MediaMemory memory, RequestIndex index, Exchange.Means means, Handler next) {
        super(next);
        this.urls = parts.urls();
        this.pictures = parts.pictures();
        this.desk = parts.desk();
        this.renderer = parts.renderer();
        this.clock = parts.clock();
        this.memory = memory;
        this.index = index;
        this.means = means;
    }

    /// What it works with.
    record Parts(TransformUrls urls, PictureFinder pictures, OrderDesk desk, Renderer renderer, InstantSource clock) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        if (path == null || !urls.claims(path)) {
            return super.handle(request, response, callback);
        }
        Exchange exchange = new Exchange(means, request, response, callback);
        exchange.serve(() -> answer(exchange));
        return true;
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        HttpURI address = exchange.request().getHttpURI();
        ImageRequest wanted = urls.read(address.getPath(), exchange.visitor().query(), clock.instant());
        long asked = memory.now();
        Optional<Found> found = pictures.find(wanted.source());
        try {
            answer(exchange, wanted, found, asked);
        } finally {
            found.ifPresent(pictures::release);
        }
    }

    private void answer(Exchange exchange, ImageRequest wanted, Optional<Found> found, long asked)
            throws IOException, InterruptedException {
        Visitor visitor = exchange.visitor();
        Optional<Permit> permit = found.flatMap(picture -> permit(visitor, picture));
        if (found.isPresent() && permit.isPresent()) {
            Subject subject = found.get().subject();
            if (subject == null) {
                throw new Failure(Failure.Kind.UNSUPPORTED, "Only pictures can be transformed, and this is none.");
            }
            Ticket ticket = desk.take(
                    wanted,
                    found.get(),
                    subject,
                    permit.get(),
                    exchange.request().getHeaders());
            send(exchange, ticket, found.get().entry(), permit.get(), asked);
        } else if (wanted.placeholder()) {
            send(
                    exchange,
                    desk.placeholder(wanted, exchange.request().getHeaders()),
                    null,
                    new Permit.Everybody(),
                    asked);
        } else {
            throw visitor.refusal("There is no picture at this address.");
        }
    }

    private static Optional<Permit> permit(Visitor visitor, Found found) {
        CatalogEntry entry = found.entry();
        return entry == null
                ? Optional.of(new Permit.Everybody())
                : visitor.permit(entry.version().space(), entry.owner());
    }

    /// @param entry absent for a picture that is not of the catalogue, which never stays in memory
    private void send(Exchange exchange, Ticket ticket, @Nullable CatalogEntry entry, Permit permit, long asked)
            throws IOException, InterruptedException {
        String view = ticket.view();
        HotVariant hot = ticket.isKept() ? memory.last(view) : null;
        if (hot != null) {
            memory.confirm(view, hot, asked);
            remember(exchange, ticket, view, asked);
            exchange.answer(hot.representation(), hot, hot::open, null);
            return;
        }
        try (Rendered rendered = renderer.render(ticket.order())) {
            Representation now = representation(rendered, entry, ticket, permit, ServerTiming.of(rendered));
            if (ticket.isKept() && entry != null && memory.admits(now)) {
                Representation later = representation(rendered, entry, ticket, permit, ServerTiming.HIT);
                memory.keep(view, ticket.order().assets(), later, rendered.bytes(), asked);
                remember(exchange, ticket, view, asked);
            }
            exchange.answer(now, null, rendered::open, null);
        }
    }

    private void remember(Exchange exchange, Ticket ticket, String view, long asked) {
        // Where the address has a signature it is another one for each reader.
        if (ticket.isRepeatable() && !exchange.visitor().isSigned()) {
            index.enter(exchange.request(), view, asked);
        }
    }

    private static Representation representation(
            Rendered rendered, @Nullable CatalogEntry entry, Ticket ticket, Permit permit, String timing) {
        Map<String, String> fields = new LinkedHashMap<>(ticket.fields());
        fields.put(ServerTiming.FIELD, timing);
        return new Representation(
                rendered.type(),
                rendered.length(),
                '"' + rendered.etag() + '"',
                null,
                permit,
                fields,
                entry == null ? null : entry.version().space(),
                Feature.DERIVED);
    }
}
