package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// What holds for each kind of edge: what it answers, recorded from its documentation, means what it
/// should, and no secret shows in a reason.
abstract class EdgeContract {
    static final String SECRET = "a-secret-that-nobody-may-see";
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-31T12:00:00Z"));
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    final WireMockServer server = new WireMockServer(options().dynamicPort());

    private final int port;

    EdgeContract() {
        server.start();
        port = server.port();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    /// The settings of one edge, by their names.
    abstract Map<String, String> settings();

    /// What it answers when it has purged.
    abstract ResponseDefinitionBuilder success();

    /// What it answers to credentials that it does not know.
    abstract ResponseDefinitionBuilder lockedOut();

    String url() {
        return "http://127.0.0.1:" + port;
    }

    static EdgeSettings bind(Map<String, String> edge) {
        Map<String, String> all = new LinkedHashMap<>();
        edge.forEach((name, value) -> all.put("safelight.purge.edges.mine." + name, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bind("safelight.purge", EdgeSettings.class)
                .get();
    }

    Edge edge() {
        return new Edges(bind(settings()), CLOCK).find("mine").orElseThrow();
    }

    EdgeApi api() {
        return edge().api();
    }

    /// What became of all requests, in their order.
    List<Verdict> purge(EdgeTarget... targets) throws Exception {
        return purge(List.of(targets));
    }

    List<Verdict> purge(List<EdgeTarget> targets) throws Exception {
        EdgeApi api = api();
        List<Verdict> verdicts = new ArrayList<>();
        try (EdgeClient client = new EdgeClient(CLOCK)) {
            for (EdgeCall call : api.calls(targets, "reference-1")) {
                assertThat(edge().limits().take(call.charges())).isZero();
                verdicts.add(api.judge(client.send(call.request(), TIMEOUT)));
            }
        }
        return verdicts;
    }

    void answer(ResponseDefinitionBuilder answer) {
        server.stubFor(any(anyUrl()).willReturn(answer));
    }

    List<LoggedRequest> requests() {
        return server.findAll(anyRequestedFor(anyUrl()));
    }

    /// One of each way that the edge knows, but for everything.
    List<EdgeTarget> oneOfEach() {
        List<EdgeTarget> all = List.of(
                new Tag("asset-0199d3a4-5b6c-7d8e-9f00-112233445566"),
                new Path("/images/0199d3a4-5b6c-7d8e-9f00-112233445566?width=100&format=auto"),
                new Prefix("/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/"));
        return all.stream()
                .filter(target -> api().ways().contains(target.way()))
                .toList();
    }

    @Test
    void purgesEachWayThatItKnows() throws Exception {
        answer(success());

        assertThat(purge(oneOfEach())).isNotEmpty().allMatch(Verdict.Done.class::isInstance);
        if (api().ways().contains(EdgeTarget.Way.EVERYTHING)) {
            assertThat(purge(new Everything())).isNotEmpty().allMatch(Verdict.Done.class::isInstance);
        }
    }

    @Test
    void waitsAsLongAsItIsTold() throws Exception {
        answer(aResponse().withStatus(429).withHeader("Retry-After", "17"));
        assertThat(purge(oneOfEach().subList(0, 1)))
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.Later.class,
                                later -> assertThat(later.after()).isEqualTo(Duration.ofSeconds(17))));
        answer(aResponse().withStatus(503).withHeader("Retry-After", "Sat, 31 Jan 2026 12:00:09 GMT"));
        assertThat(purge(oneOfEach().subList(0, 1)))
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.Later.class,
                                later -> assertThat(later.after()).isEqualTo(Duration.ofSeconds(9))));
        answer(aResponse().withStatus(429).withHeader("Retry-After", "soon"));
        assertThat(purge(oneOfEach().subList(0, 1)))
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.Later.class,
                                later -> assertThat(later.after()).isNull()));
    }

    @Test
    void triesAgainWhatFailsThere() throws Exception {
        for (int status : new int[] {500, 502, 503, 504}) {
            answer(aResponse().withStatus(status).withBody("<html>" + SECRET + "</html>"));
            assertThat(purge(oneOfEach().subList(0, 1)))
                    .as("HTTP " + status)
                    .allSatisfy(verdict -> assertThat(verdict)
                            .isInstanceOfSatisfying(
                                    Verdict.Later.class,
                                    later -> assertThat(later.reason())
                                            .contains(String.valueOf(status))
                                            .doesNotContain(SECRET)));
        }
    }

    @Test
    void givesUpWhereItIsLockedOut() throws Exception {
        answer(lockedOut());
        assertThat(purge(oneOfEach().subList(0, 1)))
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.LockedOut.class,
                                locked -> assertThat(locked.reason()).doesNotContain(SECRET)));
    }

    @Test
    void isRefusedWithAStatusAndNoWordOfTheAnswer() throws Exception {
        answer(aResponse().withStatus(400).withBody("you sent " + SECRET));
        assertThat(purge(oneOfEach().subList(0, 1)))
                .allSatisfy(verdict -> assertThat(verdict)
                        .isInstanceOfSatisfying(
                                Verdict.Refused.class,
                                refused -> assertThat(refused.reason()).isEqualTo("HTTP 400")));
    }

    @Test
    void followsNoRedirect() throws Exception {
        answer(aResponse().withStatus(307).withHeader("Location", url() + "/elsewhere"));
        assertThat(purge(oneOfEach().subList(0, 1))).allMatch(Verdict.LockedOut.class::isInstance);
        assertThat(requests()).noneMatch(request -> request.getUrl().equals("/elsewhere"));
    }

    @Test
    void endsWhatIsSlowOrBreaks() {
        answer(success().withFixedDelay(4_500));
        assertThatThrownBy(() -> purge(oneOfEach().subList(0, 1)))
                .isInstanceOf(EdgeClient.EdgeUnreachable.class)
                .hasMessage("no answer within 3 s");
        answer(aResponse().withStatus(200).withBody("x".repeat(100)).withChunkedDribbleDelay(10, 9_000));
        assertThatThrownBy(() -> purge(oneOfEach().subList(0, 1))).isInstanceOf(EdgeClient.EdgeUnreachable.class);
        answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertThatThrownBy(() -> purge(oneOfEach().subList(0, 1)))
                .isInstanceOf(EdgeClient.EdgeUnreachable.class)
                .hasMessage("the connection broke");
        answer(aResponse().withStatus(200).withBody("x".repeat(100_000)));
        assertThatThrownBy(() -> purge(oneOfEach().subList(0, 1))).isInstanceOf(EdgeClient.EdgeUnreachable.class);
        server.stop();
        assertThatThrownBy(() -> purge(oneOfEach().subList(0, 1)))
                .isInstanceOf(EdgeClient.EdgeUnreachable.class)
                .hasMessage("no connection");
    }

    @Test
    void showsNoSecret() {
        assertThat(bind(settings()).toString()).doesNotContain(SECRET);
        assertThat(bind(settings()).edges().toString()).doesNotContain(SECRET);
        assertThat(edge().toString()).doesNotContain(SECRET);
    }

    static List<EdgeTarget> tags(int count) {
        return IntStream.range(0, count)
                .<EdgeTarget>mapToObj(i -> new Tag("asset-" + i))
                .toList();
    }
}
