package dev.safelight.delivery;

import dev.safelight.access.Caller;
import dev.safelight.asset.Failure;
import dev.safelight.web.CacheRule;
import dev.safelight.web.DatabaseOutage;
import dev.safelight.web.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
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

/// One request for media with the means to answer it, on a thread that may block.
final class Exchange {
    static final String ALLOWED = "GET, HEAD, OPTIONS";

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Set<String> OWN_ROOTS = Set.of("media", "images", "skus");

    /// What all exchanges share.
    ///
    /// @param keys verifies the text of an API key
    /// @param gate knows who may see what
    record Means(
            Function<String, Optional<Caller>> keys, AccessGate gate, DeliveryMetrics metrics, ObjectMapper json) {}

    private final Means means;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Visitor visitor;

    Exchange(Means means, Request request, Response response, Callback callback) {
        this.means = means;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.visitor = new Visitor(means.gate(), means.keys(), request);
    }

    /// Something to answer with; what goes wrong is told by a status.
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /// Runs the work for GET and HEAD; explains or refuses other methods.
    void serve(Work work) throws InterruptedException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> guarded(work);
            case "OPTIONS" -> explain();
            default ->
                refuse(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "Media can be read only: the methods are " + ALLOWED + ".",
                        Map.of("Allow", ALLOWED));
        }
    }

    private void guarded(Work work) throws InterruptedException {
        means.metrics.miss();
        try {
            work.run();
        } catch (Failure failure) {
            refuse(failure);
        } catch (IOException failed) {
            fail(failed);
        } catch (DataAccessException | TransactionException failed) {
            if (!DatabaseOutage.is(failed)) {
                throw failed;
            }
            fail(failed);
        }
    }

    boolean isHead() {
        return request.getMethod().equals("HEAD");
    }

    Request request() {
        return request;
    }

    Visitor visitor() {
        return visitor;
    }

    /// Sends a picture, or as much of it as the request asks for.
    ///
    /// @param hot the same in memory, if it is
    /// @param elsewhere where the client can be sent for the bytes, if it can
    void answer(
            Representation representation,
            @Nullable HotVariant hot,
            MediaStream.Body body,
            @Nullable Supplier<Optional<Redirects.Grant>> elsewhere)
            throws IOException, InterruptedException {
        means.metrics.answered(representation);
        Answer answer = Answer.to(RequestFields.read(request, isHead()), representation);
        if (hot != null) {
            long sent = hot.answer(answer, isHead(), request, response, callback);
            if (sent >= 0) {
                means.metrics.sent(representation, sent);
                return;
            }
        }
        boolean hasContent =
                answer instanceof Answer.Whole || answer instanceof Answer.Part || answer instanceof Answer.Parts;
        if (elsewhere != null && hasContent && !isHead()) {
            Optional<Redirects.Grant> grant = elsewhere.get();
            if (grant.isPresent()) {
                redirect(grant.get(), representation);
                return;
            }
        }
        MediaStream stream = new MediaStream(body, means.metrics, representation, request, response, callback);
        switch (answer) {
            case Answer.Whole _ -> stream.whole(isHead());
            case Answer.Part(var range) -> stream.part(range);
            case Answer.Parts(var ranges) -> stream.parts(ranges);
            case Answer.NotModified _ -> stream.notModified();
            case Answer.PreconditionFailed _ ->
                refuse(
                        HttpStatus.PRECONDITION_FAILED,
                        "The variant is not the one that If-Match or If-Unmodified-Since names.",
                        Map.of("ETag", representation.etag()));
            case Answer.Unsatisfiable _ ->
                refuse(
                        HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                        "The variant has %d bytes; the range lies behind them.".formatted(representation.bytes()),
                        Map.of("Content-Range", "bytes */" + representation.bytes()));
        }
    }

    /// Sends the client to the store. The method and its range go with it (RFC 9110 §15.4.8).
    private void redirect(Redirects.Grant grant, Representation representation) {
        response.setStatus(HttpStatus.TEMPORARY_REDIRECT.value());
        response.getHeaders()
                .add(HttpHeader.LOCATION, grant.address().toString())
                .add(HttpHeader.CACHE_CONTROL, grant.cacheControl())
                .add(HttpHeader.CONTENT_LENGTH, 0);
        MediaHeaders.ofRedirect(representation).forEach(response.getHeaders()::add);
        response.write(true, null, callback);
    }

    private void explain() {
        response.setStatus(HttpStatus.NO_CONTENT.value());
        response.getHeaders().add(HttpHeader.ALLOW, ALLOWED);
        MediaHeaders.ofAnyPath().forEach(response.getHeaders()::add);
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && means.gate().origins().contains(origin)) {
            MediaHeaders.ofOrigin(origin).forEach(response.getHeaders()::put);
        }
        if (request.getHeaders().contains("Access-Control-Request-Method")) {
            MediaHeaders.ofPreflight().forEach(response.getHeaders()::add);
        }
        response.write(true, null, callback);
    }

    private void refuse(Failure failure) {
        if (response.isCommitted()) {
            fail(failure);
            return;
        }
        Problem problem = Problem.of(failure);
        if (failure.kind() == Failure.Kind.UNAVAILABLE) {
            LOG.warn("Answering 503 for {}: {}", path(), failure.publicMessage());
        }
        send(problem, Map.of());
    }

    /// Answers 503 while nothing was sent; afterwards only a broken connection tells the client that bytes
    /// are missing.
    private void fail(Exception failed) {
        if (response.isCommitted()) {
            LOG.debug("An answer for {} was cut short", path(), failed);
            callback.failed(failed);
            return;
        }
        LOG.warn("Answering 503 for {}: {}", path(), failed.toString());
        LOG.debug("The cause", failed);
        response.reset();
        refuse(HttpStatus.SERVICE_UNAVAILABLE, "The media cannot be read right now. Try again in a moment.", Map.of());
    }

    void refuse(HttpStatus status, String detail, Map<String, String> fields) {
        send(Problem.of(status, detail), fields);
    }

    private void send(Problem problem, Map<String, String> fields) {
        byte[] text = means.json.writeValueAsBytes(problem);
        response.setStatus(problem.status());
        response.getHeaders().add(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().add(HttpHeader.CONTENT_LENGTH, text.length);
        response.getHeaders().add(HttpHeader.CACHE_CONTROL, CacheRule.NEVER);
        Long retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response.getHeaders().add(HttpHeader.RETRY_AFTER, retryAfter);
        }
        MediaHeaders.ofAnyPath().forEach(response.getHeaders()::add);
        fields.forEach(response.getHeaders()::add);
        response.write(true, isHead() ? null : ByteBuffer.wrap(text), callback);
    }

    /// The path as logs may show it: without the query, and without the first segment where that may be a
    /// signature.
    private String path() {
        String path = request.getHttpURI().getPath();
        int second = path.indexOf('/', 1);
        return second < 0 || OWN_ROOTS.contains(path.substring(1, second)) ? path : "/…" + path.substring(second);
    }
}
