package dev.safelight.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class BodyLimitTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ProblemWriter writer = new ProblemWriter(JsonMapper.builder().build());

    /// Reads a body as a controller would.
    private BodyLimit.BodyRefused refused(InputStream body, Duration mostTime) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v1/uploads") {
            @Override
            public ServletInputStream getInputStream() {
                return new DelegatingServletInputStream(body);
            }
        };
        return catchThrowableOfType(
                BodyLimit.BodyRefused.class,
                () -> new BodyLimit(writer, mostTime)
                        .doFilter(
                                request,
                                new MockHttpServletResponse(),
                                (passed, _) -> passed.getInputStream().readAllBytes()));
    }

    @Test
    void endsABodyThatTrickles() {
        InputStream drops = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                buffer[offset] = 'x';
                return 1;
            }
        };

        assertThat(refused(drops, Duration.ofNanos(1)).problem().status()).isEqualTo(408);
        assertThat(refused(drops, LONG).problem().status()).isEqualTo(413);
    }

    @Test
    void tellsABodyThatDoesNotComeFromOneThatIsWrong() {
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException(new TimeoutException("Idle timeout expired"));
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThat(refused(silent, LONG).problem().status()).isEqualTo(408);
    }
}
