package dev.safelight.web;

import dev.safelight.access.HookPath;
import dev.safelight.access.SessionPath;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Bounds what a request to the API may send, whether it announces its length or not; media never pass here.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class BodyLimit extends OncePerRequestFilter {
    static final long MOST_BYTES = 256 * 1024;
    /// Uppy names all parts of an upload when it is whole, and there may be 10,000.
    private static final long MOST_BYTES_OF_SESSIONS = 2 * 1024 * 1024;
    /// Stores may tell of many objects at once.
    private static final long MOST_BYTES_OF_STORES = 1024 * 1024;

    private final ProblemWriter writer;

    BodyLimit(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long most = mostBytes(request);
        if (request.getContentLengthLong() > most) {
            response.setHeader("Connection", "close");
            writer.write(response, tooLarge(most));
            return;
        }
        chain.doFilter(new Limited(request, most), response);
    }

    private static long mostBytes(HttpServletRequest request) {
        if (HookPath.is(request)) {
            return MOST_BYTES_OF_STORES;
        }
        return SessionPath.isBelow(request) ? MOST_BYTES_OF_SESSIONS : MOST_BYTES;
    }

    static Problem tooLarge(long most) {
        return Problem.of(
                HttpStatus.CONTENT_TOO_LARGE, "The body of a request must have at most %d bytes.".formatted(most));
    }

    /// Says that a body went on beyond the limit.
    static final class BodyTooLarge extends IOException {
        private static final long serialVersionUID = 1;

        private final long most;

        BodyTooLarge(long most) {
            this.most = most;
        }

        Problem problem() {
            return tooLarge(most);
        }
    }

    /// A request whose body ends in an exception at the limit.
    private static final class Limited extends HttpServletRequestWrapper {
        private final long most;

        Limited(HttpServletRequest request, long most) {
            super(request);
            this.most = most;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(super.getInputStream(), most);
        }
    }

    private static final class LimitedStream extends ServletInputStream {
        private final ServletInputStream in;
        private final long most;
        private long left;

        LimitedStream(ServletInputStream in, long most) {
            this.in = in;
            this.most = most;
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            if (one >= 0) {
                count(1);
            }
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new BodyTooLarge(most);
            }
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
