package dev.safelight.store.embedded;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.gaul.s3proxy.S3ProxyHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// The door of the store: preflights and form POSTs are ours, anonymous requests end here, S3Proxy answers the rest.
final class S3Servlet extends HttpServlet {
    private static final Logger log = LoggerFactory.getLogger(S3Servlet.class);

    /// How much of a refused body is read, so that its sender gets to see the answer before the connection closes.
    private static final int LINGER_BYTES = 4 << 20;

    private final transient S3ProxyHandler proxy;
    private final transient FormPost forms;
    private final transient CrossOrigin crossOrigin;
    private final transient Semaphore formSlots;
    private final Duration window;

    S3Servlet(S3ProxyHandler proxy, FormPost forms, CrossOrigin crossOrigin, int concurrentForms, Duration window) {
        this.proxy = proxy;
        this.forms = forms;
        this.crossOrigin = crossOrigin;
        this.window = window;
        this.formSlots = new Semaphore(concurrentForms);
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
            try (InputStream body = new PacedStream(request.getInputStream(), window)) {
                proxy.doHandle(request, request, new ExactContentType(response), body, null);
            }
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

    private void acceptForm(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!formSlots.tryAcquire()) {
            throw StoreError.SLOW_DOWN.with("Too many uploads at a time; try again.");
        }
        try {
            String bucket = request.getRequestURI().replaceAll("^/|/$", "");
            FormPost.Stored stored = forms.accept(
                    bucket,
                    request.getContentType(),
                    request.getContentLengthLong(),
                    new PacedStream(request.getInputStream(), window));
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
        } finally {
            formSlots.release();
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, Exception e) throws IOException {
        AwsServiceException error = Errors.of(e);
        if (error.statusCode() >= 500) {
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
        if (!request.getMethod().equals("HEAD")) {
            write(
                    response,
                    "<Error><Code>" + Errors.code(error) + "</Code><Message>" + escape(Errors.message(error))
                            + "</Message><Resource>" + escape(request.getRequestURI()) + "</Resource></Error>");
        }
        if (isForm(request)) {
            linger(request, response);
        }
    }

    /// Bounded in bytes and time, else a refused client could stay as long as it likes.
    private void linger(HttpServletRequest request, HttpServletResponse response) {
        try {
            response.flushBuffer();
            InputStream rest = request.getInputStream();
            byte[] discarded = new byte[16 << 10];
            long end = System.nanoTime() + window.toNanos();
            int read = 0;
            for (int left = LINGER_BYTES; left > 0 && read >= 0 && System.nanoTime() < end; left -= read) {
                read = rest.read(discarded);
            }
        } catch (IOException e) {
            log.debug("The client left before its answer", e);
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
