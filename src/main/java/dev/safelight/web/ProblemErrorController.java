package dev.safelight.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/// Answers with a problem where the container itself ends a request, for example at a malformed path.
@Controller
final class ProblemErrorController implements ErrorController {
    private final ProblemWriter writer;

    ProblemErrorController(ProblemWriter writer) {
        this.writer = writer;
    }

    @RequestMapping("/error")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failed && isOutage(failed)) {
            writer.write(response, Problem.of(HttpStatus.SERVICE_UNAVAILABLE, ProblemAdvice.NO_DATABASE));
            return;
        }
        HttpStatus status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                        && HttpStatus.resolve(code) != null
                ? HttpStatus.valueOf(code)
                : HttpStatus.NOT_FOUND;
        writer.write(response, Problem.of(status, describe(status)));
    }

    /// Filters ask the database for the key of the caller, before there is a controller whose failures are
    /// advised on.
    private static boolean isOutage(Throwable failed) {
        return DatabaseOutage.is(failed) || (failed.getCause() != null && isOutage(failed.getCause()));
    }

    private static String describe(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> ProblemAdvice.NOTHING_HERE;
            case BAD_REQUEST -> "The request is malformed.";
            case INTERNAL_SERVER_ERROR -> "A defect in Safelight; its log holds the details.";
            default -> status.getReasonPhrase() + ".";
        };
    }
}
