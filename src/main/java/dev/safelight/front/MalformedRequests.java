package dev.safelight.front;

import dev.safelight.web.Problem;
import org.eclipse.jetty.http.HttpException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Answers 400 where the server finds out only on the way that a request is malformed.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MalformedRequests {
    @ExceptionHandler
    ResponseEntity<Problem> onMalformed(HttpException.RuntimeException malformed) {
        HttpStatus known = HttpStatus.resolve(malformed.getCode());
        HttpStatus status = known == null || !known.is4xxClientError() ? HttpStatus.BAD_REQUEST : known;
        return ResponseEntity.status(status)
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(Problem.of(status, "The request is malformed."));
    }
}
