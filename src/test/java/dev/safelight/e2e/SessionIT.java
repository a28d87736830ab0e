package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.RawHttp;
import dev.safelight.testing.Reply;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Upload sessions and the example page, as the packaged server has them.
@ExtendWith({SharedServer.class, ShowServerLog.class})
class SessionIT {
    @TempDir
    Path folder = Path.of("");

    @Test
    void endsStreamsInOrderWhenTheServerStops() throws Exception {
        try (SafelightProcess server = SafelightProcess.serve(folder.resolve("data"));
                ApiUser admin = server.admin();
                RawHttp stream = RawHttp.connect(server.url().getPort())) {
            URI session = session(admin);
            stream.send("GET " + session.getPath() + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(stream.readUntil("retry: ")).startsWith("HTTP/1.1 200");

            server.stop();

            assertThat(stream.readUntil("\r\n0\r\n\r\n"))
                    .as("the end of a whole answer")
                    .endsWith("\r\n0\r\n\r\n");
        }
    }

    private static URI session(ApiUser admin) {
        return URI.create(admin.post("/v1/upload-sessions", "{\"space\":\"product\"}")
                .expect(201)
                .json()
                .path("url")
                .asString());
    }

    @Test
    void keepsTheSecretOutOfTheLog(SafelightProcess server, ApiUser admin) {
        String session = session(admin).toString();
        ApiUser page = admin.anonymous();

        page.get(session + "/nothing").expectProblem(404);
        page.post(session + "/sign", "nonsense").expectProblem(400);
        page.post(session + "/events", "").expectProblem(405);
        page.get(session + "/s3/params?filename=%FF").expectProblem(400);
        page.get(session + "x/events").expectProblem(401);
        page.get(session + "//events").expect(400);

        assertThat(server.log()).doesNotContain(session.substring(session.lastIndexOf("us_")));
    }

    @Test
    void hasNoExamplesUnlessItIsToldTo(ApiUser admin) {
        admin.anonymous().get("/examples/uppy/").expectProblem(401);
        admin.anonymous().get("/examples/uppy/page.js").expectProblem(401);
        admin.get("/examples/uppy/").expectProblem(403);
    }

    @Test
    void printsAnAddressOfTheExamplePageThatWorks() {
        try (SafelightProcess server =
                        SafelightProcess.serve(folder.resolve("data"), Map.of("SAFELIGHT_EXAMPLES", "on"));
                ApiUser admin = server.admin()) {
            Command create = Command.run(
                    "session",
                    "create",
                    "--page",
                    "--space",
                    "user",
                    "--types",
                    "image/jpeg,image/png",
                    "--max-bytes",
                    "1000000",
                    "--metadata",
                    "alt=a test",
                    "--data",
                    server.data().toString());
            assertThat(create.exitCode()).as(create.err()).isZero();
            String[] halves = create.out().strip().split("#session=");

            Reply page = admin.anonymous().get(halves[0]).expect(200);
            assertThat(page.header("Content-Type")).startsWith("text/html");
            assertThat(page.header("Content-Security-Policy"))
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                    .contains("connect-src 'self' http://localhost:")
                    .doesNotContain("unsafe", "*");
            assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(page.text()).doesNotContain("<script>", "style=");
            admin.anonymous().get(halves[0] + "page.js").expect(200);
            admin.anonymous().get(halves[0] + "none.js").expectProblem(404);
            admin.anonymous()
                    .post(halves[1] + "/sign", "{\"method\":\"PUT\",\"key\":\"a.gif\"}")
                    .expectProblem(415);
            admin.anonymous()
                    .post(halves[1] + "/sign", "{\"method\":\"PUT\",\"key\":\"a.jpg\"}")
                    .expect(200);
        }
    }
}
