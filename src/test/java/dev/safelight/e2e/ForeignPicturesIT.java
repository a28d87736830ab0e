package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.PictureHost;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pictures of a foreign host, which says how they may be cached.
@ExtendWith(ShowServerLog.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignPicturesIT {
    private static final String OLD = "stale-while-revalidate=3600, stale-if-error=3600";

    private final PictureHost host = new PictureHost();
    private final SafelightProcess server;
    private final ApiUser visitor;

    ForeignPicturesIT(@TempDir Path folder) throws IOException {
        this.server = SafelightProcess.serve(
                folder.resolve("data"),
                Map.of(
                        "SAFELIGHT_TRANSFORM_UNSIGNED",
                        "any",
                        "SAFELIGHT_TRANSFORM_REMOTE_HOSTS",
                        "127.0.0.1:" + host.port(),
                        "SAFELIGHT_TRANSFORM_REMOTE_ALLOWPRIVATE",
                        "true"));
        this.visitor = server.admin().anonymous();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
        host.close();
    }

    private String made(String path, int width) {
        return "/insecure/rs:fit:%d/plain/http://127.0.0.1:%d%s@jpg".formatted(width, host.port(), path);
    }

    private long asked(String path) {
        return host.requests().stream()
                .filter(request -> request.startsWith("GET " + path + " "))
                .count();
    }

    private List<Path> cached() throws IOException {
        try (Stream<Path> all = Files.walk(server.data().resolve("cache"))) {
            return all.filter(file -> file.toString().endsWith(".jpg")).toList();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/1.jpg | public                       | public, max-age=86400, OLD               | 1",
                "/2.jpg | max-age=600                  | public, max-age=[56].., OLD              | 1",
                "/3.jpg | max-age=600, must-revalidate | public, max-age=[56].., must-revalidate  | 1",
                "/4.jpg | s-maxage=600                 | public, max-age=[56].., must-revalidate  | 1",
                "/5.jpg | no-cache                     | public, max-age=0, must-revalidate       | 3",
                "/6.jpg | no-store                     | private, no-store                        | 3",
                "/7.jpg | private, max-age=600         | private, no-store                        | 3"
            })
    void cachesAreToldNoMoreThanTheHostAllows(String path, String cacheControl, String told, int asked)
            throws IOException {
        // Another content each time: equal ones lie on the disk once.
        byte[] picture = Pictures.jpeg(200, 100 + path.charAt(1) - '0');
        host.answer(path, "200 OK\nETag: \"1\"\nCache-Control: " + cacheControl, picture);
        int before = cached().size();
        for (int width : new int[] {50, 50, 60}) {
            Reply reply = visitor.get(made(path, width)).expect(200);
            assertThat(Pictures.decoded(reply.bytes()).getWidth()).isEqualTo(width);
            assertThat(reply.header("Cache-Control")).matches(told.replace("OLD", OLD));
            assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("*");
        }
        assertThat(asked(path)).isEqualTo(asked);
        if (told.contains("no-store")) {
            // Gone with the answer, which may be here a moment earlier.
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(cached()).hasSize(before));
        } else {
            assertThat(cached()).hasSizeGreaterThan(before);
        }
    }

    @Test
    void whatMustBeAskedForFailsWithItsHost() {
        host.answer("/gone.jpg", "200 OK\nCache-Control: no-cache", Pictures.jpeg(200, 100));
        visitor.get(made("/gone.jpg", 50)).expect(200);
        host.answer("/gone.jpg", "503 Service Unavailable", "");
        Reply refused = visitor.get(made("/gone.jpg", 50)).expectProblem(503);
        assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
        host.answer("/gone.jpg", "404 Not Found", "");
        visitor.get(made("/gone.jpg", 50)).expectProblem(404);
    }
}
