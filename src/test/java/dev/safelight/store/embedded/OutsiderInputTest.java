package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safelight.store.s3.SignatureV4;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What anybody may send, read as it was meant or refused as the sender's mistake.
class OutsiderInputTest {
    private static List<PartFolder.Wanted> parse(String xml) {
        return CompletionBody.parse(xml.getBytes(UTF_8));
    }

    private static String list(String parts) {
        return "<?xml version=\"1.0\"?>\n<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + parts + "</CompleteMultipartUpload>";
    }

    private static String part(int number, String etag) {
        return "<Part>\n <ETag>" + etag + "</ETag><ChecksumCRC32>x</ChecksumCRC32>\n<PartNumber>" + number
                + "</PartNumber></Part>\n";
    }

    @Example
    void readsAListOfParts() {
        assertThat(parse(list(part(1, "&quot;abc&quot;") + part(2, "\"d<![CDATA[e]]>f\""))))
                .containsExactly(new PartFolder.Wanted(1, "abc"), new PartFolder.Wanted(2, "def"));
        assertThat(parse(list("<Part><PartNumber>3</PartNumber></Part>")))
                .containsExactly(new PartFolder.Wanted(3, null));
    }

    @Example
    void refusesWhatIsNoListOfParts() {
        String many =
                IntStream.rangeClosed(1, 10_001).mapToObj(i -> part(i, "a")).collect(Collectors.joining());
        for (String xml : List.of(
                "",
                "<",
                "nonsense",
                "<Parts/>",
                list(""),
                list("<Part>"),
                list("text"),
                list("<Other/>"),
                list("<Part><PartNumber>one</PartNumber></Part>"),
                list("<Part><PartNumber><b/></PartNumber></Part>"),
                list("<Part><PartNumber>99999999999</PartNumber></Part>"),
                list(many),
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>" + list(part(1, "&b;")))) {
            assertThatThrownBy(() -> parse(xml))
                    .as(xml.substring(0, Math.min(100, xml.length())))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("MalformedXML"));
        }
    }

    @Property(tries = 500)
    void readsAnyXmlOrRefusesIt(@ForAll("nearlyLists") String xml) {
        Throwable thrown = catchThrowable(() -> parse(xml));

        if (thrown != null) {
            assertThat(thrown).isInstanceOf(S3Exception.class);
            assertThat(((S3Exception) thrown).statusCode()).isEqualTo(400);
        }
    }

    @Provide
    Arbitrary<String> nearlyLists() {
        String whole = list(part(1, "abc") + part(2, "def"));
        Arbitrary<String> pieces = Arbitraries.of(
                        "<Part>",
                        "</Part>",
                        "<PartNumber>",
                        "1",
                        "<ETag>",
                        "&",
                        "&#0;",
                        "]]>",
                        "<!--",
                        "\u0000",
                        "é",
                        "<?")
                .list()
                .ofMaxSize(4)
                .map(list -> String.join("", list));
        return pieces.flatMap(piece -> Arbitraries.integers()
                .between(0, whole.length())
                .map(at -> whole.substring(0, at) + piece + whole.substring(at)));
    }

    @Property(tries = 500)
    void readsTheParametersThatWereEncoded(@ForAll("parameters") SortedMap<String, String> parameters) {
        assertThat(SignedRequest.parse(SignatureV4.encode(parameters))).isEqualTo(parameters);
    }

    @Provide
    Arbitrary<SortedMap<String, String>> parameters() {
        return Arbitraries.maps(
                        Arbitraries.strings().ofMinLength(1).ofMaxLength(8),
                        Arbitraries.strings().ofMaxLength(12))
                .ofMaxSize(8)
                .map(map -> {
                    SortedMap<String, String> clean = new TreeMap<>();
                    // Half of a surrogate pair cannot be encoded.
                    map.forEach((name, value) -> clean.put(whole(name), whole(value)));
                    return clean;
                });
    }

    private static String whole(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    @Property(tries = 500)
    void readsAnyQueryOrRefusesIt(@ForAll String query) {
        Throwable thrown = catchThrowable(() -> SignedRequest.parse(query));

        if (thrown != null) {
            assertThat(thrown).isInstanceOf(S3Exception.class);
        }
    }

    @Example
    void refusesQueriesOfTwoMeanings() {
        String long40 = IntStream.range(0, 40).mapToObj(i -> "a" + i + "=b").collect(Collectors.joining("&"));
        for (String query : List.of("uploadId=a&uploadId=b", "a=%", "a=%zz", long40)) {
            assertThatThrownBy(() -> SignedRequest.parse(query)).isInstanceOf(S3Exception.class);
        }
    }
}
