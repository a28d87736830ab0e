package dev.safelight.delivery;

import dev.safelight.asset.Failure;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.delivery.OrderDesk.Ticket;
import dev.safelight.delivery.PictureFinder.Found;
import dev.safelight.render.Rendered;
import dev.safelight.render.Renderer;
import dev.safelight.transform.ImageRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Answers requests for pictures made on demand that memory could not, on a thread that may block.
///
/// The order of the checks is the order of the code: the address, its signature and the policy; then whether the
/// picture may be delivered at all, and to this caller; then what is to be made; only then anything is read.
final class ImageHandler extends Handler.Wrapper {
    private final ImageAddresses addresses;
    private final PictureFinder pictures;
    private final OrderDesk desk;
    private final Renderer renderer;
    private final MediaMemory memory;
    private final RequestIndex index;
    private final Exchange.Means means;
    private final InstantSource clock;

    ImageHandler(Parts parts, MediaMemory memory, RequestIndex index, Exchange.Means means, Handler next) {
        super(next);
        this.addresses = parts.addresses();
        this.pictures = parts.pictures();
        this.desk = parts.desk();
        this.renderer = parts.renderer();
        this.clock = parts.clock();
        this.memory = memory;
        this.index = index;
        this.means = means;
    }

    /// What it works with.
    record Parts(
            ImageAddresses addresses,
            PictureFinder pictures,
            OrderDesk desk,
            Renderer renderer,
            InstantSource clock) {}

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        if (path == null || !addresses.claims(path)) {
            return super.handle(request, response, callback);
        }
        Exchange exchange = new Exchange(means, request, response, callback);
        exchange.serve(() -> answer(exchange));
        return true;
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        ImageRequest wanted = addresses.read(exchange.request(), clock.instant());
        long asked = memory.now();
        Optional<Found> found = pictures.find(wanted.source()).filter(picture -> maySee(exchange, picture));
        if (found.isEmpty()) {
            if (!wanted.placeholder()) {
                throw new Failure(Failure.Kind.NOT_FOUND, "There is no picture at this address.");
            }
            placeholder(exchange, wanted);
            return;
        }
        if (found.get().subject() == null) {
            throw new Failure(Failure.Kind.UNSUPPORTED, "Only pictures can be transformed, and this is none.");
        }
        send(exchange, desk.take(wanted, found.get(), exchange.request()), found.get().entry(), asked);
    }

    private static boolean maySee(Exchange exchange, Found found) {
        CatalogEntry entry = found.entry();
        return entry == null
                || Representation.isShared(entry.version().space())
                || exchange.maySee(entry.version().space(), entry.owner());
    }

    private void placeholder(Exchange exchange, ImageRequest wanted) throws IOException, InterruptedException {
        Ticket ticket = desk.placeholder(wanted, exchange.request());
        try (Rendered rendered = renderer.render(ticket.order())) {
            Map<String, String> fields = new LinkedHashMap<>(ticket.fields());
            fields.put("Cache-Control", "public, max-age=60");
            fields.put("Safelight-Placeholder", "missing");
            exchange.answer(representation(rendered, fields, true), null, rendered.body()::open);
        }
    }

    private void send(Exchange exchange, Ticket ticket, @Nullable CatalogEntry entry, long asked)
            throws IOException, InterruptedException {
        String view = ticket.view();
        HotVariant hot = memory.last(view);
        if (hot != null) {
            memory.confirm(view, hot, asked);
            remember(exchange, ticket, view);
            exchange.answer(hot.representation(), hot, hot::open);
            return;
        }
        try (Rendered rendered = renderer.render(ticket.order())) {
            boolean shared = entry == null || Representation.isShared(entry.version().space());
            Map<String, String> fields = new LinkedHashMap<>(ticket.fields());
            fields.put(ServerTiming.FIELD, ServerTiming.HIT);
            Representation kept = representation(rendered, fields, shared);
            if (entry != null && memory.admits(kept)) {
                memory.keep(view, entry.version().id(), kept, rendered.body().all(), asked);
                remember(exchange, ticket, view);
            }
            fields.put(ServerTiming.FIELD, ServerTiming.of(rendered));
            exchange.answer(representation(rendered, fields, shared), null, rendered.body()::open);
        }
    }

    private void remember(Exchange exchange, Ticket ticket, String view) {
        if (ticket.isRepeatable()) {
            index.enter(exchange.request(), view);
        }
    }

    private static Representation representation(Rendered rendered, Map<String, String> fields, boolean shared) {
        return new Representation(
                rendered.type(), rendered.body().length(), '"' + rendered.etag() + '"', null, shared, fields);
    }
}
