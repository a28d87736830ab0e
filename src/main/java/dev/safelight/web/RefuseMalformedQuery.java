package dev.safelight.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses queries that are not percent-encoded UTF-8 or hold U+0000: the container or the database would fail at them
/// later, as if by a defect.
@Component
final class RefuseMalformedQuery extends OncePerRequestFilter {
    private final ProblemWriter writer;

    RefuseMalformedQuery(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String query = request.getQueryString();
        if (query == null || isWellFormed(query)) {
            chain.doFilter(request, response);
        } else {
            writer.write(
                    response,
                    Problem.of(HttpStatus.BAD_REQUEST, "The query is not percent-encoded UTF-8 without nulls."));
        }
    }

    static boolean isWellFormed(String query) {
        try {
            String bytes = URLDecoder.decode(query, StandardCharsets.ISO_8859_1);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
            return bytes.indexOf('\0') < 0;
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return false;
        }
    }
}
