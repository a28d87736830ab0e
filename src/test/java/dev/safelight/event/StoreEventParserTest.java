package dev.safelight.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safelight.asset.Failure;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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
