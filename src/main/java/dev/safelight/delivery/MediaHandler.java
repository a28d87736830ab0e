package dev.safelight.delivery;

import dev.safelight.access.Caller;
import dev.safelight.asset.Failure;
import dev.safelight.delivery.MediaLibrary.Media;
import dev.safelight.web.DatabaseOutage;
import dev.safelight.web.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.ObjectMapper;

/// Answers every request below `/media/` that memory could not, on a thread that may block.
///
/// What does not exist, is not cleared for delivery, or may not be seen by this caller, gets the same 404: an answer
/// tells nothing about what it withholds.
final class MediaHandler extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(MediaHandler.class);
    private static final String ALLOWED = "GET, HEAD, OPTIONS";
    private static final String BEARER = "Bearer ";

    private final MediaLibrary library;
    private final Function<String, Optional<Caller>> keys;
    private final DeliveryMetrics metrics;
    private final ObjectMapper json;

    MediaHandler(
            MediaLibrary library,
            Function<String, Optional<Caller>> keys,
            DeliveryMetrics metrics,
            ObjectMapper json,
            Handler next) {
        super(next);
        this.library = library;
        this.keys = keys;
        this.metrics = metrics;
        this.json = json;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = request.getHttpURI().getPath();
        if (path == null || !path.startsWith(MediaPath.ROOT)) {
            return super.handle(request, response, callback);
        }
        Exchange exchange = new Exchange(request, response, callback);
        switch (request.getMethod()) {
            case "GET" -> serve(exchange, path, false);
            case "HEAD" -> serve(exchange, path, true);
            case "OPTIONS" -> explain(exchange);
            default ->
                refuse(
                        exchange,
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "Media can be read only: the methods are " + ALLOWED + ".",
                        Map.of("Allow", ALLOWED));
        }
        return true;
    }

    /// One request with the means to answer it.
    private record Exchange(Request request, Response response, Callback callback) {}

    private void serve(Exchange exchange, String path, boolean head) throws InterruptedException {
        metrics.miss();
        try {
            Media media = library.find(path)
                    .filter(found -> maySee(exchange.request(), found))
                    .orElse(null);
            if (media == null) {
                refuse(exchange, HttpStatus.NOT_FOUND, "There is no media at this address.", Map.of());
            } else {
                answer(exchange, media, RequestFields.read(exchange.request(), head));
            }
        } catch (IOException | Failure failed) {
            fail(exchange, path, failed);
        } catch (DataAccessException | TransactionException failed) {
            if (!DatabaseOutage.is(failed)) {
                throw failed;
            }
            fail(exchange, path, failed);
        }
    }

    private boolean maySee(Request request, Media media) {
        if (media.representation().shared()) {
            return true;
        }
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && keys.apply(authorization.substring(BEARER.length()).strip())
                        .filter(caller -> caller.maySee(media.space(), media.owner()))
                        .isPresent();
    }

    private void answer(Exchange exchange, Media media, MediaRequest wanted) throws IOException {
        Representation representation = media.representation();
        Answer answer = Answer.to(wanted, representation);
        HotVariant hot = media.hot();
        if (hot != null) {
            long sent = hot.answer(answer, wanted.head(), exchange.response(), exchange.callback());
            if (sent >= 0) {
                metrics.sent(sent);
                return;
            }
        }
        MediaStream stream =
                new MediaStream(library, metrics, representation, exchange.response(), exchange.callback());
        switch (answer) {
            case Answer.Whole _ -> stream.whole(wanted.head());
            case Answer.Part(var range) -> stream.part(range);
            case Answer.Parts(var ranges) -> stream.parts(ranges);
            case Answer.NotModified _ -> stream.notModified();
            case Answer.PreconditionFailed _ ->
                refuse(
                        exchange,
                        HttpStatus.PRECONDITION_FAILED,
                        "The variant is not the one that If-Match or If-Unmodified-Since names.",
                        Map.of("ETag", representation.etag()));
            case Answer.Unsatisfiable _ ->
                refuse(
                        exchange,
                        HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                        "The variant has %d bytes; the range lies behind them.".formatted(representation.bytes()),
                        Map.of("Content-Range", "bytes */" + representation.bytes()));
        }
    }

    private void explain(Exchange exchange) {
        Response response = exchange.response();
        response.setStatus(HttpStatus.NO_CONTENT.value());
        response.getHeaders().add(HttpHeader.ALLOW, ALLOWED);
        MediaHeaders.ofAnyPath().forEach(response.getHeaders()::add);
        if (exchange.request().getHeaders().contains("Access-Control-Request-Method")) {
            MediaHeaders.ofPreflight().forEach(response.getHeaders()::add);
        }
        response.write(true, null, exchange.callback());
    }

    /// Answers 503 while nothing was sent; afterwards only a broken connection tells the client that bytes are missing.
    private void fail(Exchange exchange, String path, Exception failed) {
        if (exchange.response().isCommitted()) {
            LOG.debug("An answer for {} was cut short", path, failed);
            exchange.callback().failed(failed);
            return;
        }
        LOG.warn("Answering 503 for {}", path, failed);
        exchange.response().reset();
        refuse(
                exchange,
                HttpStatus.SERVICE_UNAVAILABLE,
                "The media cannot be read right now. Try again in a moment.",
                Map.of("Retry-After", "2"));
    }

    private void refuse(Exchange exchange, HttpStatus status, String detail, Map<String, String> fields) {
        byte[] problem = json.writeValueAsBytes(Problem.of(status, detail));
        Response response = exchange.response();
        response.setStatus(status.value());
        response.getHeaders().add(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().add(HttpHeader.CONTENT_LENGTH, problem.length);
        response.getHeaders().add(HttpHeader.CACHE_CONTROL, "no-store");
        MediaHeaders.ofAnyPath().forEach(response.getHeaders()::add);
        fields.forEach(response.getHeaders()::add);
        @Nullable ByteBuffer content = exchange.request().getMethod().equals("HEAD") ? null : ByteBuffer.wrap(problem);
        response.write(true, content, exchange.callback());
    }
}
