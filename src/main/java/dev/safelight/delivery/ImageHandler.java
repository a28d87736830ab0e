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
import org.eclipse.jetty.http.HttpFields;
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
/// anything is read. What took long to make is asked for again before it is sent: a cache in front may have
/// been told meanwhile to forget it, and would keep it from now on.
final class ImageHandler extends Handler.Wrapper {
    /// How often a picture is made anew that changed while it was made.
    private static final int MOST_CHANGES = 3;

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
        for (int i = 0; i < MOST_CHANGES; i++) {
            Look look = new Look(exchange, wanted, memory.now());
            Optional<Found> found = pictures.find(wanted.source());
            try {
                if (answer(look, found)) {
                    return;
                }
            } finally {
                found.ifPresent(pictures::release);
            }
        }
        throw new Failure(Failure.Kind.UNAVAILABLE, "The picture changes while it is made. Try again in a moment.");
    }

    /// A request, and a moment before the catalogue was asked for what it names.
    private record Look(Exchange exchange, ImageRequest wanted, long at) {
        HttpFields client() {
            return exchange.request().getHeaders();
        }
    }

    /// @return false when what was found is not so any more
    private boolean answer(Look look, Optional<Found> found) throws IOException, InterruptedException {
        Visitor visitor = look.exchange().visitor();
        Optional<Permit> permit = found.flatMap(picture -> permit(visitor, picture));
        if (found.isPresent() && permit.isPresent()) {
            return send(
                    look, order(look, found.get(), permit.get()), found.get().entry(), permit.get());
        }
        if (look.wanted().placeholder()) {
            return send(look, desk.placeholder(look.wanted(), look.client()), null, new Permit.Everybody());
        }
        throw visitor.refusal("There is no picture at this address.");
    }

    private Ticket order(Look look, Found found, Permit permit) throws IOException, InterruptedException {
        Subject subject = found.subject();
        if (subject == null) {
            throw new Failure(Failure.Kind.UNSUPPORTED, "Only pictures can be transformed, and this is none.");
        }
        return desk.take(look.wanted(), found, subject, permit, look.client());
    }

    private static Optional<Permit> permit(Visitor visitor, Found found) {
        CatalogEntry entry = found.entry();
        return entry == null
                ? Optional.of(new Permit.Everybody())
                : visitor.permit(entry.version().space(), entry.owner());
    }

    /// @param entry absent for a picture that is not of the catalogue, which never stays in memory
    private boolean send(Look look, Ticket ticket, @Nullable CatalogEntry entry, Permit permit)
            throws IOException, InterruptedException {
        String view = ticket.view();
        HotVariant hot = ticket.isKept() ? memory.last(view) : null;
        if (hot != null) {
            memory.confirm(view, hot, look.at());
            remember(look, ticket, view);
            look.exchange().answer(hot.representation(), hot, hot::open, null);
            return true;
        }
        try (Rendered rendered = renderer.render(ticket.order())) {
            if (!isStillSo(look, ticket)) {
                return false;
            }
            Representation now = representation(rendered, entry, ticket, permit, ServerTiming.of(rendered));
            if (ticket.isKept() && entry != null && memory.admits(now)) {
                Representation later = representation(rendered, entry, ticket, permit, ServerTiming.HIT);
                memory.keep(view, ticket.order().assets(), later, rendered.bytes(), look.at());
                remember(look, ticket, view);
            }
            look.exchange().answer(now, null, rendered::open, null);
            return true;
        }
    }

    /// Whether the same request would lead to the same order now.
    private boolean isStillSo(Look look, Ticket ticket) throws IOException, InterruptedException {
        if (ticket.order().assets().stream().allMatch(asset -> memory.isTrusted(asset, look.at()))) {
            return true;
        }
        Optional<Found> found = pictures.find(look.wanted().source());
        try {
            Optional<Permit> permit =
                    found.flatMap(picture -> permit(look.exchange().visitor(), picture));
            return found.isPresent()
                    && permit.isPresent()
                    && order(look, found.get(), permit.get()).view().equals(ticket.view());
        } finally {
            found.ifPresent(pictures::release);
        }
    }

    private void remember(Look look, Ticket ticket, String view) {
        // Where the address has a signature it is another one for each reader.
        if (ticket.isRepeatable() && !look.exchange().visitor().isSigned()) {
            index.enter(look.exchange().request(), view, look.at());
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
