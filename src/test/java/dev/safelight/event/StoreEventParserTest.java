package dev.safelight.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import dev.safelight.testing.StoreNotification;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class StoreEventParserTest {
    private final StoreEventParser parser =
            new StoreEventParser(JsonMapper.builder().build());

    private static String notification(String version, String name, String key) {
        return """
                {"Records":[{"eventVersion":"%s","eventName":"%s","s3":{"bucket":{"name":"raw"},
                 "object":{"key":"%s","size":12,"eTag":"\\"abc\\"","sequencer":"0055"}}}]}
                """.formatted(version, name, key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "2.1", "2.6"})
    void readsEveryVersionTwo(String version) {
        assertThat(parser.parse(notification(version, "ObjectCreated:Put", "raw/a.jpg")))
                .containsExactly(new StoreEvent("raw", "raw/a.jpg", 12, "abc", "0055", null));
    }

    @Test
    void decodesKeysAndLeavesUnencodedOnesAlone() {
        assertThat(parser.parse(notification("2.1", "ObjectCreated:Put", "raw/a%2Db%28.jpg")))
                .singleElement()
                .extracting(StoreEvent::key)
                .isEqualTo("raw/a-b(.jpg");
        assertThat(parser.parse(notification("2.1", "s3:ObjectCreated:Post", "raw/100%.jpg")))
                .singleElement()
                .extracting(StoreEvent::key)
                .isEqualTo("raw/100%.jpg");
    }

    @Test
    void prefersTheVersionIdToTellObjectsApart() {
        String json =
                notification("2.1", "ObjectCreated:Put", "k").replace("\"size\"", "\"versionId\":\"v7\",\"size\"");

        assertThat(parser.parse(json))
                .singleElement()
                .extracting(StoreEvent::objectTag)
                .isEqualTo("v7");
    }

    @Test
    void skipsOtherEventsAndTheTestEvent() {
        assertThat(parser.parse(notification("2.1", "ObjectRemoved:Delete", "k")))
                .isEmpty();
        assertThat(parser.parse("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}"))
                .isEmpty();
    }

    /// Whoever encodes it, and however.
    @Property
    void everyKeyThatIsGrantedIsReadAsItIs(
            @ForAll
                    @CharRange(from = 'a', to = 'z')
                    @Chars({'A', 'Z', '0', '9', '.', '_', '-'})
                    @StringLength(min = 1, max = 40)
                    String name) {
        String key = "raw/2026/11/" + name;
        Assume.that(BlobKey.isValid(key));
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);

        assertThat(keyOf("ceph:s3", key)).isEqualTo(key);
        assertThat(keyOf("minio:s3", encoded)).isEqualTo(key);
        assertThat(keyOf("aws:s3", encoded.replace("%2F", "/"))).isEqualTo(key);
        assertThat(keyOf("another", key)).isEqualTo(key);
        assertThat(keyOf("another", key.replace("-", "%2D").replace(".", "%2e")))
                .isEqualTo(key);
    }

    /// A key of somebody else must not become one of ours, where the store tells it as it is.
    @Test
    void keysOfCephAreNotDecoded() {
        assertThat(keyOf("ceph:s3", "raw/a%2Db+c.jpg")).isEqualTo("raw/a%2Db+c.jpg");
        assertThat(keyOf("minio:s3", "raw%2Fa+b%2Bc.jpg")).isEqualTo("raw/a b+c.jpg");
    }

    private String keyOf(String source, String key) {
        return parser.parse(StoreNotification.of(key, "e", "1").from(source).json())
                .getFirst()
                .key();
    }

    @Test
    void looksIntoTheEnvelopeOfSns() {
        String inner = StoreNotification.of("raw/a.jpg", "e", "1").json();
        String outer = JsonMapper.shared().writeValueAsString(Map.of("Type", "Notification", "Message", inner));

        assertThat(parser.parse(outer)).isEqualTo(parser.parse(inner)).hasSize(1);
    }

    @Test
    void readsEventsOfEventBridge() {
        String created = """
                {"version":"0","detail-type":"Object Created","source":"aws.s3","time":"2026-11-28T10:00:00Z",
                 "detail":{"version":"0","bucket":{"name":"raw"},"reason":"PutObject",
                 "object":{"key":"raw/a.jpg","size":12,"etag":"abc","version-id":"v1","sequencer":"0055"}}}
                """;

        assertThat(parser.parse(created))
                .containsExactly(
                        new StoreEvent("raw", "raw/a.jpg", 12, "v1", "0055", Instant.parse("2026-11-28T10:00:00Z")));
        assertThat(parser.parse(created.replace("Object Created", "Object Deleted")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"Records\":{}}",
                "{\"Records\":[{\"eventVersion\":\"3.0\"}]}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\"}]}",
                "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"}}}]}"
            })
    void refusesWhatIsNoNotification(String text) {
        assertThatThrownBy(() -> parser.parse(text))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    @Property
    void neverFailsInAnyOtherWay(@ForAll String text) {
        Throwable thrown = catchThrowable(() -> parser.parse(text));

        assertThat(thrown == null || thrown instanceof Failure).isTrue();
    }
}
