package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BunnyApiTest extends EdgeContract {
    @Override
    Map<String, String> settings() {
        return Map.of("kind", "bunny", "url", url(), "zone", "123456", "token", SECRET, "hosts", "media.example");
    }

    @Override
    ResponseDefinitionBuilder success() {
        return aResponse().withStatus(204);
    }

    @Override
    ResponseDefinitionBuilder lockedOut() {
        return aResponse()
                .withStatus(401)
                .withBody("{\"Message\":\"Authorization has been denied for this request.\"}");
    }

    @Test
    void purgesOneThingInARequest() throws Exception {
        answer(success());

        purge(oneOfEach());
        purge(new Everything());

        assertThat(requests())
                .extracting(request -> request.getUrl() + " " + request.getBodyAsString())
                .containsExactlyInAnyOrder(
                        "/pullzone/123456/purgeCache {\"CacheTag\":\"asset-0199d3a4-5b6c-7d8e-9f00-112233445566\"}",
                        "/purge?async=false&url=https%3A%2F%2Fmedia.example%2Fimages%2F"
                                + "0199d3a4-5b6c-7d8e-9f00-112233445566%3Fwidth%3D100%26format%3Dauto ",
                        "/purge?async=false&url=https%3A%2F%2Fmedia.example%2Fmedia%2Fimage%2F"
                                + "0199d3a4-5b6c-7d8e-9f00-112233445566%2F* ",
                        "/pullzone/123456/purgeCache ");
        assertThat(requests())
                .allSatisfy(
                        request -> assertThat(request.getHeader("AccessKey")).isEqualTo(SECRET));
    }

    @Test
    void staysWithinTheBucketsOfEachForm() {
        Edge edge = edge();
        for (int i = 0; i < 20; i++) {
            assertThat(edge.limits().take(Map.of("wide", 1))).isZero();
        }
        assertThat(edge.limits().take(Map.of("wide", 1))).isPositive();
        assertThat(edge.limits().take(Map.of("exact", 1))).isZero();
    }
}
