package dev.safelight.delivery;

import dev.safelight.web.Problem;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.ObjectMapper;

/// Answers with a problem where the server itself ends a request, such as one whose path has two readings.
final class ProblemErrors extends ErrorHandler {
    private final ObjectMapper json;

    ProblemErrors(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpStatus known = HttpStatus.resolve(response.getStatus());
        HttpStatus status = known == null ? HttpStatus.BAD_REQUEST : known;
        String detail = describe(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, ByteBuffer.wrap(json.writeValueAsBytes(Problem.of(status, detail))), callback);
        return true;
    }

    private static String describe(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST -> "The request is malformed.";
            case NOT_FOUND -> "There is nothing at this address.";
            case INTERNAL_SERVER_ERROR -> "A defect in Safelight; its log holds the details.";
            default -> status.getReasonPhrase() + ".";
        };
    }
}
