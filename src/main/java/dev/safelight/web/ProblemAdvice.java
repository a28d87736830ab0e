package dev.safelight.web;

import dev.safelight.access.SessionPath;
import dev.safelight.asset.Failure;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Turns every exception that leaves a controller into a problem; nothing of a stack trace reaches the
/// client.
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {
    static final String NO_DATABASE = "The database cannot be reached right now. Try again in a moment.";

    static final String NOTHING_HERE = "There is nothing at this address.";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Object> onFailure(Failure failure) {
        if (failure.kind() == Failure.Kind.UNAVAILABLE) {
            LOG.warn("Answering 503: {}", failure.publicMessage(), failure.getCause());
        }
        return answer(Problem.of(failure), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> onStore(IOException failed, HttpServletRequest request) {
        LOG.warn(
                "Answering 503 to {} {}",
                request.getMethod(),
                SessionPath.withoutToken(request.getRequestURI()),
                failed);
        return answer(Problem.ofStoreOutage(), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> onDefect(RuntimeException defect, HttpServletRequest request) {
        if (defect instanceof AccessDeniedException denied) {
            throw denied;
        }
        if (DatabaseOutage.is(defect)) {
            return onOutage(defect);
        }
        LOG.error(
                "A defect ended {} {}", request.getMethod(), SessionPath.withoutToken(request.getRequestURI()), defect);
        return answer(
                Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "A defect in Safelight; its log holds the details."),
                new HttpHeaders());
    }

    private static ResponseEntity<Object> onOutage(RuntimeException failed) {
        LOG.warn("Answering 503: the database failed", failed);
        Problem problem = Problem.of(HttpStatus.SERVICE_UNAVAILABLE, NO_DATABASE);
        return answer(problem, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> onTypeMismatch(MethodArgumentTypeMismatchException mismatch) {
        String detail = "The parameter \"%s\" does not have the right form%s."
                .formatted(mismatch.getName(), wanted(mismatch.getRequiredType()));
        return answer(Problem.of(HttpStatus.BAD_REQUEST, detail), new HttpHeaders());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (NestedExceptionUtils.getMostSpecificCause(unreadable) instanceof BodyLimit.BodyRefused refused) {
            return answer(refused.problem(), headers);
        }
        return answer(Problem.of(HttpStatus.BAD_REQUEST, describe(unreadable)), headers);
    }

    private static String describe(HttpMessageNotReadableException unreadable) {
        return switch (unreadable.getCause()) {
            case UnrecognizedPropertyException unknown ->
                "The field \"%s\" is not known here; allowed are %s."
                        .formatted(
                                unknown.getPropertyName(),
                                unknown.getKnownPropertyIds().stream()
                                        .map(String::valueOf)
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            case StrictJson.UnstorableText unstorable ->
                field(unstorable) + " holds a null or half a character, which cannot be kept.";
            case MismatchedInputException mismatch ->
                "%s does not have the right type%s.".formatted(field(mismatch), wanted(mismatch.getTargetType()));
            case InputCoercionException outOfRange -> "A number in the body is out of range.";
            case JacksonException malformed
            when isDuplicate(malformed) -> "A field in the body is given twice%s.".formatted(place(malformed));
            case JacksonException malformed -> "The body is not well-formed JSON%s.".formatted(place(malformed));
            case null, default -> "A JSON body is needed.";
        };
    }

    private static String field(JacksonException failed) {
        String path = failed.getPath().stream()
                .map(step -> step.getPropertyName() == null ? String.valueOf(step.getIndex()) : step.getPropertyName())
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "The body" : "The field \"" + path + "\"";
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type == Long.class || type == long.class || type == Integer.class || type == int.class) {
            return ": it must be a whole number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return ": it must be true or false";
        }
        if (type != null && (Collection.class.isAssignableFrom(type) || type.isArray())) {
            return ": it must be a list";
        }
        return type == String.class ? ": it must be text" : "";
    }

    /// The parser has no exception of its own for this.
    private static boolean isDuplicate(JacksonException malformed) {
        return malformed.getOriginalMessage().startsWith("Duplicate Object property");
    }

    private static String place(JacksonException malformed) {
        var place = malformed.getLocation();
        return place == null || place.getLineNr() < 1
                ? ""
                : " (line %d, column %d)".formatted(place.getLineNr(), place.getColumnNr());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException missing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String detail = "The parameter \"%s\" is needed.".formatted(missing.getParameterName());
        return answer(Problem.of(HttpStatus.BAD_REQUEST, detail), headers);
    }

    /// Not in Spring's words, which repeat the path: it may hold the secret of an upload session.
    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException absent, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(Problem.of(HttpStatus.NOT_FOUND, NOTHING_HERE), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoHandlerFoundException(
            NoHandlerFoundException absent, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(Problem.of(HttpStatus.NOT_FOUND, NOTHING_HERE), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Problem.Fault> faults = invalid.getFieldErrors().stream()
                .map(error -> new Problem.Fault(error.getField(), String.valueOf(error.getDefaultMessage())))
                .sorted(Comparator.comparing(Problem.Fault::field))
                .toList();
        String detail = faults.stream()
                .map(fault -> fault.field() + " " + fault.message())
                .collect(Collectors.joining("; ", "", "."));
        return answer(Problem.of(HttpStatus.BAD_REQUEST, detail).withErrors(faults), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception failed,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode statusCode,
            WebRequest request) {
        HttpStatus status = HttpStatus.valueOf(statusCode.value());
        String detail = body instanceof ProblemDetail given && given.getDetail() != null
                ? given.getDetail()
                : status.getReasonPhrase();
        return answer(Problem.of(status, detail), headers);
    }

    private static ResponseEntity<Object> answer(Problem problem, HttpHeaders headers) {
        HttpHeaders all = new HttpHeaders(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        all.setCacheControl(CacheRule.NEVER);
        Long retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            all.set(HttpHeaders.RETRY_AFTER, retryAfter.toString());
        }
        return ResponseEntity.status(problem.status()).headers(all).body(problem);
    }
}
