package dev.safelight.store.embedded;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.gaul.s3proxy.S3ProxyHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The door of the store: who is not known ends here, uploads take ways of our own, S3Proxy answers the rest.
///
/// Anybody can hold a request by sending it slowly. So strangers, who send forms, granted requests and the
/// files of forms each have a [Room] of their own, strangers have a deadline besides, and whoever finds no
/// room is sent away: the server's own roles, who sign headers with keys that no client gets to see, always
/// find a thread.
final class S3Servlet extends HttpServlet {
    private static final Logger log = LoggerFactory.getLogger(S3Servlet.class);

    private static final int STRANGERS = 256;
    private static final int UPLOADS = 128;
    private static final int LINGERING = 32;

    /// How long everything may take that is read before its sender is known.
    private static final Duration INTRODUCTION = Duration.ofSeconds(5);

    /// How much of a refused file is read, so that its sender gets to see the answer before the connection closes.
    private static final int LINGER_BYTES = 4 << 20;

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final transient S3ProxyHandler proxy;
    private final transient SignedRequest.Check signatures;
    private final transient DirectPuts puts;
    private final transient MultipartRequests multipart;
    private final transient TagRequests tags;
    private final transient FormPost forms;
    private final transient CrossOrigin crossOrigin;
    private final transient Room strangers = new Room(STRANGERS);
    private final transient Room uploads = new Room(UPLOADS);
    private final transient Room lingering = new Room(LINGERING);
    private final transient Room farewells = new Room(LINGERING);
    private final transient Room formFiles;
    private final Duration window;

    S3Servlet(
            S3ProxyHandler proxy,
            SignedRequest.Check signatures,
            DirectPuts puts,
            MultipartRequests multipart,
            TagRequests tags,
            FormPost forms,
            CrossOrigin crossOrigin,
            int concurrentForms,
            Duration window) {
        this.proxy = proxy;
        this.signatures = signatures;
        this.puts = puts;
        this.multipart = multipart;
        this.tags = tags;
        this.forms = forms;
        this.crossOrigin = crossOrigin;
        this.window = window;
        this.formFiles = new Room(concurrentForms);
    }

    /// How many threads the requests from outside can hold at most.
    int outsideRequests() {
        return strangers.size() + uploads.size() + formFiles.size() + lingering.size() + farewells.size();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        crossOrigin.allow(request, response);
        try {
            route(request, response);
        } catch (IOException | RuntimeException e) {
            answer(request, response, e);
        }
    }

    private void route(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("OPTIONS")) {
            crossOrigin.preflight(request, response);
        } else if (isForm(request)) {
            acceptForm(request, response);
        } else if (isAnonymous(request)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        } else {
            SignedRequest signed;
            try {
                signed = signatures.verify(request);
            } catch (AwsServiceException e) {
                answer(request, response, e);
                linger(request, response, farewells);
                return;
            }
            if (signed.granted()) {
                try (Room.Place place = uploads.enter()) {
                    serve(request, response, signed);
                }
            } else {
                serve(request, response, signed);
            }
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response, SignedRequest signed)
            throws IOException {
        try {
            handle(request, response, signed);
        } catch (IOException | RuntimeException e) {
            answer(request, response, e);
            linger(request, response, lingering);
        }
    }

    private void handle(HttpServletRequest request, HttpServletResponse response, SignedRequest signed)
            throws IOException {
        InputStream body = new PacedStream(request.getInputStream(), window);
        if (TagRequests.takes(signed)) {
            tags.answer(request, response, signed, body);
        } else if (DirectPuts.takes(request, signed)) {
            puts.put(request, response, signed, body);
        } else if (MultipartRequests.takes(request, signed)) {
            multipart.answer(request, response, signed, body);
        } else {
            ScopedValue.where(SentTags.CURRENT, SentTags.of(request)).call(() -> {
                proxy.doHandle(request, request, new ExactContentType(response), body, null);
                return null;
            });
        }
    }

    private static boolean hasFile(HttpServletRequest request) {
        return isForm(request) || request.getMethod().equals("PUT");
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        return request.getMethod().equals("POST")
                && type != null
                && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    /// Decided from the query string alone: asking for a parameter could make the server read a form's body.
    private static boolean isAnonymous(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getHeader("Authorization") == null && (query == null || !query.contains("X-Amz-Algorithm="));
    }

    private void acceptForm(HttpServletRequest request, HttpServletResponse response) throws IOException {
        DeadlineStream body = body(request, INTRODUCTION);
        FormPost.Signed signed;
        try (Room.Place place = strangers.enter()) {
            String bucket = request.getRequestURI().replaceAll("^/|/$", "");
            signed = forms.open(
                    bucket, request.getContentType(), request.getContentLengthLong(), new PacedStream(body, window));
        }
        Room.Place file = formFiles.enter();
        try (file) {
            body.lift();
            created(request, response, forms.store(signed));
        } catch (IOException | RuntimeException e) {
            answer(request, response, e);
            linger(request, response, lingering);
        }
    }

    private DeadlineStream body(HttpServletRequest request, Duration limit) throws IOException {
        EndPoint connection = ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        return new DeadlineStream(
                request.getInputStream(), limit, window, silence -> connection.setIdleTimeout(silence.toMillis()));
    }

    private static void created(HttpServletRequest request, HttpServletResponse response, FormPost.Stored stored)
            throws IOException {
        String location = request.getRequestURL().toString().replaceAll("/$", "") + "/" + stored.key();
        response.setHeader("ETag", '"' + stored.etag() + '"');
        response.setHeader("Location", location);
        response.setStatus(stored.status());
        if (stored.status() == HttpServletResponse.SC_CREATED) {
            Xml.write(
                    response,
                    new Xml("PostResponse")
                            .add("Location", location)
                            .add("Bucket", stored.bucket())
                            .add("Key", stored.key())
                            .add("ETag", '"' + stored.etag() + '"'));
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, Exception e) throws IOException {
        AwsServiceException error = Errors.of(e);
        if (Errors.isOurFault(error)) {
            log.warn("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        } else {
            log.debug("{} {} refused: {}", request.getMethod(), request.getRequestURI(), error.getMessage());
        }
        if (response.isCommitted()) {
            throw new IOException("failed after the answer began", e);
        }
        Errors.headers(error).forEach(response::setHeader);
        if (Errors.isNotModified(request, error)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setStatus(error.statusCode());
        if (hasFile(request) || error.statusCode() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            // The rest of the body is not worth waiting for.
            response.setHeader("Connection", "close");
        }
        if (!request.getMethod().equals("HEAD")) {
            Xml.write(
                    response,
                    new Xml("Error")
                            .add("Code", Errors.code(error))
                            .add("Message", Errors.message(error))
                            .add("Resource", request.getRequestURI()));
        }
    }

    /// Reads on for a while, so that a sender who looks up only at the end sees why; bounded in number, bytes and time.
    ///
    /// @param room in which those who are known and those who are not do not meet
    private void linger(HttpServletRequest request, HttpServletResponse response, Room room) {
        if (!hasFile(request)) {
            return;
        }
        Optional<Room.Place> found = room.tryEnter();
        if (found.isEmpty()) {
            return;
        }
        try (Room.Place place = found.get()) {
            response.flushBuffer();
            InputStream rest = body(request, LINGER);
            byte[] discarded = new byte[16 << 10];
            int read = 0;
            for (int left = LINGER_BYTES; left > 0 && read >= 0; left -= read) {
                read = rest.read(discarded);
            }
        } catch (IOException | S3Exception e) {
            log.debug("The client left before its answer, or sends on and on", e);
        }
    }
}
