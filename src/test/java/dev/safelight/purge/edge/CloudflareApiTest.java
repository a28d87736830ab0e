package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloudflareApiTest extends EdgeContract {
    private static final String ZONE = "023e105f4ecef8ad9ca31a8372d0c353";

    @Override
    Map<String, String> settings() {
        return Map.of(
                "kind",
                "cloudflare",
                "url",
                url() + "/client/v4",
                "zone",
                ZONE,
                "token",
                SECRET,
                "hosts",
                "media.example,static.example");
    }

    @Override
    ResponseDefinitionBuilder success() {
        return okJson("{\"success\":true,\"errors\":[],\"messages\":[],\"result\":{\"id\":\"%s\"}}".formatted(ZONE));
    }

    @Override
    ResponseDefinitionBuilder lockedOut() {
        return aResponse()
                .withStatus(403)
                .withBody("{\"success\":false,\"errors\":[{\"code\":10000,\"message\":\"Authentication error\"}],"
                        + "\"messages\":[],\"result\":null}");
    }

    @Test
    void saysWhatToPurgeInOneFormAtATime() throws Exception {
        answer(success());

        purge(oneOfEach());
        purge(new Everything());

        assertThat(requests()).allSatisfy(request -> {
            assertThat(request.getUrl()).isEqualTo("/client/v4/zones/" + ZONE + "/purge_cache");
            assertThat(request.getHeader("Authorization")).isEqualTo("Bearer " + SECRET);
            assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        });
        String id = "0199d3a4-5b6c-7d8e-9f00-112233445566";
        assertThat(requests())
                .extracting(LoggedRequest::getBodyAsString)
                .containsExactlyInAnyOrder(
                        "{\"tags\":[\"asset-%s\"]}".formatted(id),
                        ("{\"files\":[\"https://media.example/images/%1$s?width=100&format=auto\","
                                        + "\"https://static.example/images/%1$s?width=100&format=auto\"]}")
                                .formatted(id),
                        "{\"prefixes\":[\"media.example/media/image/%1$s/\",\"static.example/media/image/%1$s/\"]}"
                                .formatted(id),
                        "{\"purge_everything\":true}");
    }

    @Test
    void putsAHundredInARequestAndStaysWithinTheSmallestPlan() throws Exception {
        answer(success());

        assertThat(purge(tags(250))).hasSize(3);

        Edge edge = edge();
        for (int i = 0; i < 25; i++) {
            assertThat(edge.limits().take(Map.of("requests", 1))).isZero();
        }
        assertThat(edge.limits().take(Map.of("requests", 1))).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(13));
    }

    @Test
    void takesATokenThatCannotBeOneForWrongCredentials() throws Exception {
        answer(aResponse()
                .withStatus(400)
                .withBody("{\"success\":false,\"errors\":[{\"code\":6003,\"message\":\"Invalid request headers\","
                        + "\"error_chain\":[{\"code\":6111,\"message\":\"Invalid format for Authorization header\"}]}],"
                        + "\"messages\":[],\"result\":null}"));
        assertThat(purge(tags(1)))
                .containsExactly(new Verdict.LockedOut("HTTP 400 (6003): the credentials are not accepted"));
    }

    @Test
    void believesTheBodyMoreThanTheStatus() throws Exception {
        answer(okJson("{\"success\":false,\"errors\":[{\"code\":1134,\"message\":\"%s\"}]}".formatted(SECRET)));
        assertThat(purge(tags(1))).containsExactly(new Verdict.Refused("it says that it did not succeed (1134)"));
        answer(okJson("<html>"));
        assertThat(purge(tags(1))).allMatch(Verdict.Later.class::isInstance);
    }
}
