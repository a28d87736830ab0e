package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import dev.safelight.purge.edge.EdgeTarget.Tag;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The shields of our own, whose configurations hold the other half of these contracts.
class ShieldApiTest {
    @Nested
    class Nginx extends EdgeContract {
        @Override
        Map<String, String> settings() {
            return Map.of("kind", "nginx", "urls", url() + "," + url() + "/second", "token", SECRET);
        }

        @Override
        ResponseDefinitionBuilder success() {
            return aResponse().withStatus(204);
        }

        @Override
        ResponseDefinitionBuilder lockedOut() {
            return aResponse().withStatus(403);
        }

        @Test
        void sendsEachServerOneList() throws Exception {
            answer(success());

            purge(oneOfEach());
            purge(new Everything());

            assertThat(requests()).hasSize(4).allSatisfy(request -> {
                assertThat(request.getHeader("Safelight-Purge-Token")).isEqualTo(SECRET);
                assertThat(request.getUrl()).endsWith("/.safelight/purge");
            });
            String id = "0199d3a4-5b6c-7d8e-9f00-112233445566";
            assertThat(requests())
                    .extracting(LoggedRequest::getBodyAsString)
                    .contains(
                            "everything\n",
                            "tag asset-%1$s\npath /images/%1$s?width=100&format=auto\nprefix /media/image/%1$s/\n"
                                    .formatted(id));
        }
    }

    @Nested
    class Varnish extends EdgeContract {
        @Override
        Map<String, String> settings() {
            return Map.of("kind", "varnish", "urls", url(), "token", SECRET);
        }

        @Override
        ResponseDefinitionBuilder success() {
            return aResponse().withStatus(200);
        }

        @Override
        ResponseDefinitionBuilder lockedOut() {
            return aResponse().withStatus(403);
        }

        @Test
        void bansAndPurges() throws Exception {
            answer(success());

            purge(new Tag("asset-1.2"), new Tag("space-user"), new Prefix("/a+b(c)$/"), new EdgeTarget.Path("/x?y=z"));
            purge(new Everything());

            assertThat(requests())
                    .extracting(request -> request.getMethod() + " " + request.getUrl())
                    .containsExactlyInAnyOrder("BAN /", "BAN /", "BAN /", "PURGE /x?y=z");
            assertThat(requests())
                    .anyMatch(request -> "asset-1\\.2|space-user"
                            .equals(
                                    request.header("Safelight-Ban-Tags").isPresent()
                                            ? request.getHeader("Safelight-Ban-Tags")
                                            : ""))
                    .anyMatch(request -> request.containsHeader("Safelight-Ban-Prefixes")
                            && request.getHeader("Safelight-Ban-Prefixes").equals("/a\\+b\\(c\\)\\$/"))
                    .anyMatch(request -> request.containsHeader("Safelight-Ban-Everything"))
                    .allMatch(request ->
                            request.getHeader("Safelight-Purge-Token").equals(SECRET));
        }
    }
}
