package dev.safelight.purge.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.safelight.purge.edge.EdgeTarget.Everything;
import dev.safelight.purge.edge.EdgeTarget.Path;
import dev.safelight.purge.edge.EdgeTarget.Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloudFrontApiTest extends EdgeContract {
    private boolean byPaths;

    @Override
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kind", "cloudfront",
                "url", url(),
                "distribution", "EDFDVBD6EXAMPLE",
                "access-key", "AKIDEXAMPLE",
                "secret-key", SECRET));
        if (byPaths) {
            settings.put("by", "paths");
        }
        return settings;
    }

    @Override
    ResponseDefinitionBuilder success() {
        return aResponse()
                .withStatus(201)
                .withHeader("Content-Type", "text/xml")
                .withBody("<Invalidation xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">"
                        + "<Id>I2J0I21PCUYOIK</Id><Status>InProgress</Status></Invalidation>");
    }

    @Override
    ResponseDefinitionBuilder lockedOut() {
        return aResponse().withStatus(403).withBody(error("AccessDenied", "User " + SECRET + " is not authorized"));
    }

    private static String error(String code, String message) {
        return "<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error><Type>Sender</Type><Code>"
                + code + "</Code><Message>" + message + "</Message></Error></ErrorResponse>";
    }

    @Test
    void invalidatesTagsAndPathsTogetherAndWildcardsApart() throws Exception {
        answer(success());

        purge(oneOfEach());
        purge(new Everything());

        assertThat(requests()).allSatisfy(request -> {
            assertThat(request.getUrl()).isEqualTo("/2020-05-31/distribution/EDFDVBD6EXAMPLE/invalidation");
            assertThat(request.getHeader("Authorization"))
                    .matches("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/us-east-1/cloudfront/aws4_request, "
                            + "SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}");
            assertThat(request.getHeader("X-Amz-Date")).isNotEmpty();
        });
        String begin = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><InvalidationBatch"
                + " xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>";
        String id = "0199d3a4-5b6c-7d8e-9f00-112233445566";
        assertThat(requests())
                .extracting(LoggedRequest::getBodyAsString)
                .containsExactlyInAnyOrder(
                        begin + "2</Quantity><Items><Path>#asset-" + id + "</Path><Path>/images/" + id
                                + "?width=100&amp;format=auto</Path></Items></Paths><CallerReference>reference-1-0"
                                + "</CallerReference></InvalidationBatch>",
                        begin + "1</Quantity><Items><Path>/media/image/" + id + "/*</Path></Items></Paths>"
                                + "<CallerReference>reference-1-1</CallerReference></InvalidationBatch>",
                        begin + "1</Quantity><Items><Path>/*</Path></Items></Paths>"
                                + "<CallerReference>reference-1</CallerReference></InvalidationBatch>");
    }

    @Test
    void waitsWhileItHasTooMuchToDo() throws Exception {
        answer(aResponse().withStatus(400).withBody(error("TooManyInvalidationsInProgress", "Wait.")));
        assertThat(purge(tags(1)))
                .containsExactly(new Verdict.Later("HTTP 400 (TooManyInvalidationsInProgress)", null));
        answer(aResponse().withStatus(400).withBody(error("InvalidArgument", "No.")));
        assertThat(purge(tags(1))).containsExactly(new Verdict.Refused("HTTP 400 (InvalidArgument)"));
        answer(aResponse().withStatus(404).withBody(error("NoSuchDistribution", "No.")));
        assertThat(purge(tags(1))).allMatch(Verdict.LockedOut.class::isInstance);
    }

    @Test
    void has15WildcardsInProgressAtMost() {
        assertThat(api().calls(
                                IntStream.range(0, 40)
                                        .<EdgeTarget>mapToObj(i -> new Prefix("/p" + i))
                                        .toList(),
                                "r"))
                .hasSize(3);
        assertThat(edge().limits().take(Map.of("wild", 15))).isZero();
    }

    @Test
    void needsNoTagsWhereTheDistributionHasNone() {
        byPaths = true;
        assertThat(api().ways())
                .containsExactlyInAnyOrder(EdgeTarget.Way.PATH, EdgeTarget.Way.PREFIX, EdgeTarget.Way.EVERYTHING);
        assertThat(new Path("/a").way()).isEqualTo(EdgeTarget.Way.PATH);
    }
}
