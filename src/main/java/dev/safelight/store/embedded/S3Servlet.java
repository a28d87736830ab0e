package dev.safelight.store.embedded;

import dev.safelight.store.StoreRole;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.gaul.s3proxy.S3ProxyHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The door of the store: preflights and form POSTs are ours, anonymous requests end here, S3Proxy answers the rest.
///
/// Anybody can hold a request by sending it slowly. So strangers, signed uploads and forms each have a [Room] of their
/// own, strangers have a deadline besides, and whoever finds no room is sent away: the server's own roles, known by
/// keys that no client gets to see, always find a thread.
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

    private static final Pattern CREDENTIAL =
            Pattern.compile("(?:^|[&\\s,])(?:X-Amz-)?Credential=([^/%&,\\s]+)(?:/|%2F)");

    private final transient S3ProxyHandler proxy;
    private final transient StoreKeys keys;
    private final transient FormPost forms;
    private final transient CrossOrigin crossOrigin;
    private final transient Room strangers = new Room(STRANGERS);
    private final transient Room uploads = new Room(UPLOADS);
    private final transient Room lingering = new Room(LINGERING);
    private final transient Room formFiles;
    private final Duration window;

    S3Servlet(
            S3ProxyHandler proxy,
            StoreKeys keys,
            FormPost forms,
            CrossOrigin crossOrigin,
            int concurrentForms,
            Duration window) {
        this.proxy = proxy;
        this.keys = keys;
        this.forms = forms;
        this.crossOrigin = crossOrigin;
        this.window = window;
        this.formFiles = new Room(concurrentForms);
    }

    /// How many threads the requests from outside can hold at most.
    int outsideRequests() {
        return strangers.size() + uploads.size() + formFiles.size() + lingering.size();
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
        } else if (claimedRole(request) == StoreRole.UPLOADER) {
            try (Room.Place place = uploads.enter()) {
                pass(request, response, isSignedWhole(request));
            }
        } else {
            pass(request, response, false);
        }
    }

    private void pass(HttpServletRequest request, HttpServletResponse response, boolean hurried) throws IOException {
        try (DeadlineStream bytes = body(request, INTRODUCTION);
                InputStream body = new PacedStream(bytes, window)) {
            if (!hurried) {
                bytes.lift();
            }
            proxy.doHandle(request, request, new ExactContentType(response), body, null);
        }
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

    /// Whose key the request names; whether its sender has that key is for S3Proxy to find out.
    private StoreRole claimedRole(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        Matcher credential = CREDENTIAL.matcher(header == null ? request.getQueryString() : header);
        if (!credential.find()) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
        return keys.find(credential.group(1))
                .orElseThrow(() -> StoreError.INVALID_ACCESS_KEY.with("The access key does not exist."))
                .role();
    }

    /// Such a body is read to its end, by S3Proxy, before the sender is known.
    private static boolean isSignedWhole(HttpServletRequest request) {
        String hash = request.getHeader("x-amz-content-sha256");
        return request.getHeader("Authorization") != null
                && hash != null
                && !hash.startsWith("STREAMING-")
                && !hash.equals("UNSIGNED-PAYLOAD");
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
            linger(request, response);
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
            write(
                    response,
                    "<PostResponse><Location>" + escape(location) + "</Location><Bucket>" + stored.bucket()
                            + "</Bucket><Key>" + stored.key() + "</Key><ETag>&quot;" + stored.etag()
                            + "&quot;</ETag></PostResponse>");
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
        if (isForm(request) || error.statusCode() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            // The rest of the body is not worth waiting for.
            response.setHeader("Connection", "close");
        }
        if (!request.getMethod().equals("HEAD")) {
            write(
                    response,
                    "<Error><Code>" + Errors.code(error) + "</Code><Message>" + escape(Errors.message(error))
                            + "</Message><Resource>" + escape(request.getRequestURI()) + "</Resource></Error>");
        }
    }

    /// Only for a sender who is known, and bounded even so: in number, bytes and time.
    private void linger(HttpServletRequest request, HttpServletResponse response) {
        Optional<Room.Place> found = lingering.tryEnter();
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

    private static void write(HttpServletResponse response, String xml) throws IOException {
        byte[] bytes = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml).getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/xml");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
