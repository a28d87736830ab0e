package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AkamaiApiTest extends EdgeContract {
    private boolean soft;

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kind", "akamai",
                "url", url(),
                "client-token", "akab-client-token",
                "client-secret", SECRET,
                "access-token", "akab-access-token",
                "network", "staging",
                "hosts", "media.example",
                "cp-codes", "12345,67890"));
        if (soft) {
            settings.put("soft", "true");
        }
        return settings;
    }

    @Override
    ResponseDefinitionBuilder success() {
        return aResponse()
                .withStatus(201)
                .withBody(
                        "{\"httpStatus\":201,\"detail\":\"Request accepted\",\"estimatedSeconds\":5,"
                                + "\"purgeId\":\"e535071c-26b2-11e7-94d7-276f2f54d938\",\"supportId\":\"17PY1492793544958045\"}");
    }

    @Override
    ResponseDefinitionBuilder lockedOut() {
        return aResponse()
                .withStatus(401)
                .withBody("{\"title\":\"Not authorized\",\"status\":401,\"detail\":\"Signature does not match\"}");
    }

    @Test
    void takesAWrongClockForWrongCredentials() throws Exception {
        answer(aResponse()
                .withStatus(400)
                .withBody("{\"type\":\"https://problems.purge.akamaiapis.net/-/pep-authn/request-error\","
                        + "\"title\":\"Bad request\",\"status\":400,\"detail\":\"Invalid timestamp\"}"));
        assertThat(purge(tags(1)))
                .containsExactly(new Verdict.LockedOut("HTTP 400 (pep-authn): the credentials are not accepted"));
    }

    @Test
    void purgesByTagsAddressesOrCodes() throws Exception {
        answer(success());

        purge(oneOfEach());
        purge(new Everything());

        assertThat(requests())
                .extracting(request -> request.getUrl() + " " + request.getBodyAsString())
                .containsExactlyInAnyOrder(
                        "/ccu/v3/delete/tag/staging"
                                + " {\"objects\":[\"asset-0199d3a4-5b6c-7d8e-9f00-112233445566\"]}",
                        "/ccu/v3/delete/url/staging {\"objects\":[\"https://media.example/images/"
                                + "0199d3a4-5b6c-7d8e-9f00-112233445566?width=100&format=auto\"]}",
                        "/ccu/v3/delete/cpcode/staging {\"objects\":[12345,67890]}");
        assertThat(requests())
                .allSatisfy(
                        request -> assertThat(request.getHeader("Authorization"))
                                .matches(
                                        "EG1-HMAC-SHA256 client_token=akab-client-token;access_token=akab-access-token;"
                                                + "timestamp=20260131T12:00:00\\+0000;nonce=[0-9a-f-]{36};signature=[A-Za-z0-9+/]{43}="));
    }

    @Test
    void invalidatesWhereThatIsEnough() throws Exception {
        soft = true;
        answer(success());
        purge(tags(1));
        assertThat(requests()).extracting(LoggedRequest::getUrl).containsExactly("/ccu/v3/invalidate/tag/staging");
    }

    @Test
    void keepsBodiesBelow50000Bytes() throws Exception {
        answer(success());

        purge(IntStream.range(1_000, 2_000)
                .<EdgeTarget>mapToObj(i -> new Tag("t".repeat(124) + i))
                .toList());

        assertThat(requests()).hasSize(3).allMatch(request -> request.getBody().length < 50_000);
    }

    /// Recomputed by hand from the parts: the key is the HMAC of the time, and the tabs are where they
    /// belong.
    @Test
    void signsTheHashOfTheBodyWithAKeyOfTheMoment() {
        EdgeGrid grid = new EdgeGrid("ct", "cs", "at");
        Instant moment = Instant.parse("2026-01-31T12:00:00Z");

        String signed = grid.authorize(
                "https",
                "akab-h.example",
                "/ccu/v3/delete/tag/staging",
                "{}".getBytes(StandardCharsets.UTF_8),
                moment,
                "n");

        assertThat(signed)
                .isEqualTo("EG1-HMAC-SHA256 client_token=ct;access_token=at;"
                        + "timestamp=20260131T12:00:00+0000;nonce=n;signature=" + SIGNATURE);
    }

    private static final String SIGNATURE = "7YmXa6azzM70fiRJwHvibhIptAunVcxyLobvN5w8MR8=";
}
