package dev.safelight.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.ContentLimits;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import dev.safelight.testing.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What a key may upload, from the request that made it to the caller that it names.
class KeyLimitsTest {
    private static final String LIMITS = """
            {"spaces":["user","product"],"types":["image/png","image/jpeg"],"maxBytes":1000000,"maxPixels":2000000,\
            "maxDuration":30,"quota":5000000000,"grantsPerMinute":60}""";

    private final TestServer server = TestServer.shared();

    private HttpResponse<String> create(String limits) throws Exception {
        return server.post("/v1/keys", "{\"name\":\"limited\",\"roles\":[\"uploader\"],\"limits\":" + limits + "}");
    }

    private static WrittenLimits only(@Nullable List<String> spaces, @Nullable List<String> types) {
        return new WrittenLimits(spaces, types, null, null, null, null, null);
    }

    @Test
    void goWithTheCaller() throws Exception {
        JsonNode key = TestServer.json(create(LIMITS));

        Caller caller = server.bean(ApiKeys.class)
                .authenticate(key.path("token").asString())
                .orElseThrow();

        assertThat(caller.limits())
                .isEqualTo(new KeyLimits(
                        Set.of(Space.PRODUCT, Space.USER),
                        Set.of(MediaType.JPEG, MediaType.PNG),
                        1_000_000L,
                        2_000_000L,
                        Duration.ofSeconds(30),
                        5_000_000_000L,
                        60));
        assertThat(caller.limits().allows(MediaType.PNG)).isTrue();
        assertThat(caller.limits().allows(MediaType.GIF)).isFalse();
        assertThat(caller.limits().content()).isEqualTo(new ContentLimits(2_000_000L, Duration.ofSeconds(30)));
    }

    @Test
    void showInTheAnswerAndInTheListOfKeys() throws Exception {
        JsonNode limited = TestServer.json(create(LIMITS));
        JsonNode free = TestServer.json(create("{}"));

        assertThat(limited.path("limits").path("spaces").valueStream())
                .extracting(JsonNode::asString)
                .containsExactly("product", "user");
        assertThat(free.has("limits")).isFalse();
        JsonNode keys = TestServer.json(server.get("/v1/keys")).path("keys");
        assertThat(keys.valueStream())
                .filteredOn(key -> key.path("id").equals(limited.path("id")))
                .singleElement()
                .satisfies(key -> assertThat(key.path("limits")).isEqualTo(limited.path("limits")));
        assertThat(keys.valueStream())
                .filteredOn(key -> key.path("id").equals(free.path("id")))
                .singleElement()
                .satisfies(key -> assertThat(key.has("limits")).isFalse());
    }

    @Test
    void keepAKeyOutOfOtherSpaces() throws Exception {
        JsonNode key = TestServer.json(create("{\"spaces\":[\"user\"]}"));

        assertThat(upload(key, "user").statusCode()).isEqualTo(201);
        HttpResponse<String> refused = upload(key, "product");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(TestServer.json(refused).path("detail").asString()).contains("product");
    }

    private HttpResponse<String> upload(JsonNode key, String space) throws Exception {
        return TestServer.send(HttpRequest.newBuilder(server.url("/v1/uploads"))
                .header("Authorization", "Bearer " + key.path("token").asString())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"fileName\":\"a.jpg\",\"contentType\":\"image/jpeg\",\"size\":10,\"space\":\"%s\"}"
                                .formatted(space))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"spaces":[]}                 | spaces must name at least one
            {"spaces":["moon"]}           | "moon"; allowed are product, user, marketing
            {"spaces":[null]}             | null; allowed are product
            {"types":[]}                  | types must name at least one
            {"types":["image/x"]}         | "image/x"; allowed are image/jpeg
            {"maxBytes":0}                | maxBytes must be at least 1
            {"maxPixels":-5}              | maxPixels must be at least 1, not -5
            {"maxDuration":0}             | maxDuration must be at least 1
            {"maxDuration":99999999999}   | maxDuration must be at most
            {"quota":0}                   | quota must be at least 1
            {"grantsPerMinute":0}         | grantsPerMinute must be at least 1
            {"grantsPerMinute":99999999999} | out of range
            {"maxBytes":"10MB"}           | maxBytes
            {"maxBytes":1.5}              | maxBytes
            {"spaces":"user"}             | spaces
            {"speed":1}                   | speed
            [1]                           | limits
            """)
    void areRefusedWhenTheyMakeNoSense(String limits, String said) throws Exception {
        HttpResponse<String> answer = create(limits);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(TestServer.json(answer).path("detail").asString()).contains(said);
    }

    @Property
    void areReadAsTheyWereWritten(
            @ForAll @NotEmpty Set<Space> spaces,
            @ForAll @NotEmpty Set<MediaType> types,
            @ForAll @LongRange(min = 1) long amount,
            @ForAll @IntRange(min = 1, max = 31_536_000) int number) {
        KeyLimits limits = new KeyLimits(spaces, types, amount, amount, Duration.ofSeconds(number), amount, number);

        assertThat(WrittenLimits.of(limits).read()).isEqualTo(limits);
    }

    @Property
    void nameNoSpaceOrTypeThatThereIsNot(@ForAll String text) {
        assertThatThrownBy(() -> only(List.of("x" + text), null).read()).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> only(null, List.of("x" + text)).read()).isInstanceOf(Failure.class);
    }

    @Test
    void takeNoRoleAway() {
        KeyLimits marketingOnly = only(List.of("marketing"), null).read();
        Caller editor = new Caller(new UUID(1, 1), "a", Set.of(Role.EDITOR), marketingOnly);

        assertThat(editor.mayUploadTo(Space.PRODUCT)).isFalse();
        assertThat(editor.mayUploadTo(Space.MARKETING)).isFalse();
        assertThat(editor.mayEdit(Space.PRODUCT)).isTrue();
        assertThat(editor.maySee(Space.PRODUCT, new UUID(2, 2))).isTrue();
    }
}
