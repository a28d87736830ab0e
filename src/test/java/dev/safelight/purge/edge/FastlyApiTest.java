package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FastlyApiTest extends EdgeContract {
    private boolean soft;

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kind", "fastly",
                "url", url(),
                "service", "SU1Z0isxPaozGVKXdv0eY",
                "token", SECRET,
                "hosts", "media.example"));
        if (soft) {
            settings.put("soft", "true");
        }
        return settings;
    }

    @Override
    ResponseDefinitionBuilder success() {
        return okJson("{\"status\":\"ok\",\"id\":\"1013-1614736893-1\"}");
    }

    @Override
    ResponseDefinitionBuilder lockedOut() {
        return aResponse().withStatus(401).withBody("{\"msg\":\"Provided credentials are missing or invalid\"}");
    }

    @Test
    void purgesByKeysAddressesOrEverything() throws Exception {
        answer(success());

        purge(oneOfEach());
        purge(new Everything());

        assertThat(requests())
                .extracting(LoggedRequest::getUrl)
                .containsExactlyInAnyOrder(
                        "/service/SU1Z0isxPaozGVKXdv0eY/purge",
                        "/purge/media.example/images/0199d3a4-5b6c-7d8e-9f00-112233445566?width=100&format=auto",
                        "/service/SU1Z0isxPaozGVKXdv0eY/purge_all");
        assertThat(requests()).allSatisfy(request -> {
            assertThat(request.getHeader("Fastly-Key")).isEqualTo(SECRET);
            assertThat(request.getMethod().getName()).isEqualTo("POST");
            assertThat(request.containsHeader("Fastly-Soft-Purge")).isFalse();
        });
        assertThat(requests())
                .extracting(LoggedRequest::getBodyAsString)
                .contains("{\"surrogate_keys\":[\"asset-0199d3a4-5b6c-7d8e-9f00-112233445566\"]}");
    }

    @Test
    void marksAsStaleWhereThatIsWantedButNeverEverything() throws Exception {
        soft = true;
        answer(success());

        purge(tags(1));
        purge(new Everything());

        assertThat(requests())
                .filteredOn(request -> request.getUrl().endsWith("/purge"))
                .extracting(request -> request.getHeader("Fastly-Soft-Purge"))
                .isEqualTo(List.of("1"));
        assertThat(requests())
                .filteredOn(request -> request.getUrl().endsWith("/purge_all"))
                .allMatch(request -> !request.containsHeader("Fastly-Soft-Purge"));
    }

    @Test
    void puts256KeysInARequest() throws Exception {
        answer(success());
        assertThat(purge(tags(600))).hasSize(3);
    }
}
