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
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Bounds what a request to the API may send and how long that may take, whether it announces its length or
/// not; media never pass here.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class BodyLimit extends OncePerRequestFilter {
    static final long MOST_BYTES = 256 * 1024;
    /// Uppy names all parts of an upload when it is whole, and there may be 10,000.
    private static final long MOST_BYTES_OF_SESSIONS = 2 * 1024 * 1024;
    /// Stores may tell of many objects at once.
    private static final long MOST_BYTES_OF_STORES = 1024 * 1024;
    /// For the whole body; who sends nothing at all is cut off earlier, by the server.
    private static final Duration MOST_TIME = Duration.ofMinutes(2);

    private final ProblemWriter writer;
    private final Duration mostTime;

    @Autowired
    BodyLimit(ProblemWriter writer) {
        this(writer, MOST_TIME);
    }

    BodyLimit(ProblemWriter writer, Duration mostTime) {
        this.writer = writer;
        this.mostTime = mostTime;
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
        chain.doFilter(new Limited(request, most, mostTime), response);
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

    private static Problem tooSlow() {
        return Problem.of(
                HttpStatus.REQUEST_TIMEOUT, "The body of the request did not come in time. Send it without a pause.");
    }

    /// Says why a body is not read to its end.
    static final class BodyRefused extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        BodyRefused(Problem problem) {
            super(problem.detail());
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    /// A request whose body ends in an exception at the limit.
    private static final class Limited extends HttpServletRequestWrapper {
        private final long most;
        private final Duration mostTime;

        Limited(HttpServletRequest request, long most, Duration mostTime) {
            super(request);
            this.most = most;
            this.mostTime = mostTime;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(super.getInputStream(), most, mostTime);
        }
    }

    private static final class LimitedStream extends ServletInputStream {
        private final ServletInputStream in;
        private final long most;
        private final long end;
        private long left;

        LimitedStream(ServletInputStream in, long most, Duration mostTime) {
            this.in = in;
            this.most = most;
            this.left = most;
            this.end = System.nanoTime() + mostTime.toNanos();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = readSome(buffer, offset, length);
            left -= Math.max(0, read);
            if (left < 0) {
                throw new BodyRefused(tooLarge(most));
            }
            if (System.nanoTime() - end > 0) {
                throw new BodyRefused(tooSlow());
            }
            return read;
        }

        private int readSome(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException failed) {
                if (NestedExceptionUtils.getMostSpecificCause(failed) instanceof TimeoutException) {
                    throw new BodyRefused(tooSlow());
                }
                throw failed;
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
