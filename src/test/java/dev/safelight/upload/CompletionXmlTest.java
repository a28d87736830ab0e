package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import dev.safelight.store.StoredPart;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionXmlTest {
    private static final String PART = "<Part><PartNumber>1</PartNumber><ETag>abc</ETag></Part>";

    private static List<StoredPart> read(String xml) {
        return CompletionXml.read(xml.getBytes(StandardCharsets.UTF_8));
    }

    private static String of(String content) {
        return "<CompleteMultipartUpload>" + content + "</CompleteMultipartUpload>";
    }

    @Property
    void readsAllPartsInTheirOrder(
            @ForAll @Size(min = 1, max = 50) @UniqueElements List<@IntRange(min = 1, max = 10_000) Integer> numbers) {
        StringBuilder parts = new StringBuilder();
        numbers.forEach(number -> parts.append(PART.replace(">1<", ">" + number + "<")));

        assertThat(read(of(parts.toString())))
                .extracting(StoredPart::number)
                .containsExactlyElementsOf(numbers.stream().sorted().toList());
    }

    @Test
    void readsWhatSdksWrite() {
        String xml = """
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- two parts -->
                <CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
                  <Part><ETag>&quot;a&#98;c&quot;</ETag><ChecksumCRC32>x==</ChecksumCRC32><PartNumber> 2 </PartNumber></Part>
                  <Part><PartNumber>1</PartNumber><ETag><![CDATA["d-2"]]></ETag></Part>
                </CompleteMultipartUpload>
                """;

        assertThat(read(xml)).containsExactly(new StoredPart(1, 0, "d-2"), new StoredPart(2, 0, "abc"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "{}",
                "<CompleteMultipartUpload/>",
                "<CompleteMultipartUpload>",
                "<Other>" + PART + "</Other>",
                "<CompleteMultipartUpload>text" + PART + "</CompleteMultipartUpload>",
                "<CompleteMultipartUpload>" + PART + PART + "</CompleteMultipartUpload>",
                "<CompleteMultipartUpload>" + PART + "</CompleteMultipartUpload><x/>",
                "<CompleteMultipartUpload><Part/></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><ETag>a</ETag></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>0</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>10001</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>99999999999</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber><b>1</b></PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><PartNumber>2</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>ä</ETag></Part></CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>a</ETag><Size>1</Size></Part></CompleteMultipartUpload>",
                "<?evil x?><CompleteMultipartUpload>" + PART + "</CompleteMultipartUpload>",
                "<!DOCTYPE x><CompleteMultipartUpload>" + PART + "</CompleteMultipartUpload>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&e;</ETag></Part></CompleteMultipartUpload>",
                "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&b;</ETag></Part></CompleteMultipartUpload>",
                "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\"><CompleteMultipartUpload>" + PART
                        + "</CompleteMultipartUpload>",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&undefined;</ETag></Part></CompleteMultipartUpload>"
            })
    void refusesEverythingElse(String xml) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> read(xml))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    @Property
    void failsOnlyInOneWayWhateverComes(@ForAll byte[] bytes) {
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> CompletionXml.read(bytes));
    }

    @Property
    void writesTextThatItsReaderGetsBack(@ForAll String text) {
        String etag = "<e>" + S3Xml.escaped(text) + "</e>";
        assertThat(etag.substring(3, etag.length() - 4)).doesNotContain("<", ">", "\"", "'");
    }
}
