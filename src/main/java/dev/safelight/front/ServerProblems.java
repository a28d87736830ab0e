package dev.safelight.front;

import dev.safelight.web.CacheRule;
import dev.safelight.web.Problem;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.ObjectMapper;

/// Answers with a problem where the server itself ends a request, such as one whose path has two readings.
public final class ServerProblems extends ErrorHandler {
    private final ObjectMapper json;

    public ServerProblems(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpStatus known = HttpStatus.resolve(response.getStatus());
        HttpStatus status = known == null ? HttpStatus.BAD_REQUEST : known;
        send(Problem.of(status, describe(status)), request, response, callback);
        return true;
    }

    private static String describe(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST -> "The request is malformed.";
            case NOT_FOUND -> "There is nothing at this address.";
            case URI_TOO_LONG -> "The address is longer than this server reads.";
            case REQUEST_HEADER_FIELDS_TOO_LARGE -> "The header fields are larger than this server reads.";
            case INTERNAL_SERVER_ERROR -> "A defect in Safelight; its log holds the details.";
            default -> status.getReasonPhrase() + ".";
        };
    }

    /// Answers with a problem, without blocking.
    void send(Problem problem, Request request, Response response, Callback callback) {
        byte[] text = json.writeValueAsBytes(problem);
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, CacheRule.NEVER);
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, text.length);
        Long retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, retryAfter);
        }
        boolean head = HttpMethod.HEAD.is(request.getMethod());
        response.write(true, head ? null : ByteBuffer.wrap(text), callback);
    }
}
