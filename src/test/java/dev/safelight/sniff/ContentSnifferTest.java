package dev.safelight.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentSnifferTest {
    private final ContentSniffer sniffer = new ContentSniffer();

    @ParameterizedTest
    @CsvSource({
        "FFD8FFE000104A464946, image/jpeg",
        "89504E470D0A1A0A0000000D49484452, image/png",
        "474946383961, image/gif",
        "524946461A000000574542505650384C, image/webp",
        "49492A0008000000, image/tiff",
        "38425053000100000000, image/vnd.adobe.photoshop",
        "255044462D312E37, application/pdf",
        "0000000C4A584C200D0A870A, image/jxl",
        "FF0A00000000, image/jxl",
        // size 28, ftyp, major, minor, compatible brands
        "0000001C66747970617669660000000061766966 6D696631 6D696166, image/avif",
        "0000001C66747970617669730000000061766973 6D736631 69736F38, image/avif",
        "0000001C66747970686569630000000068656963 6D696631 6D696166, image/heic",
        "0000001C667479706D6966310000000068656963 6D696631 6D696166, image/heic",
        "0000001C667479706D6966310000000061766966 6D696631 6D696166, image/avif"
    })
    void tellsTypesByTheirFirstBytes(String hex, String type, @TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("upload"), HexFormat.of().parseHex(hex.replace(" ", "")));

        assertThat(sniffer.sniff(file)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "'<svg xmlns=\"http://www.w3.org/2000/svg\"/>', image/svg+xml",
        "'<?xml version=\"1.0\"?><!-- c --><svg xmlns=\"http://www.w3.org/2000/svg\"/>', image/svg+xml",
        "'hello, world', text/plain"
    })
    void tellsTextFormats(String text, String type, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("upload"), text, StandardCharsets.UTF_8);

        assertThat(sniffer.sniff(file)).isEqualTo(type);
    }

    @Property(tries = 200)
    void answersForAnyBytes(@ForAll byte[] bytes) throws IOException {
        Path file = Files.createTempFile("sniff", null);
        try {
            Files.write(file, bytes);
            assertThat(sniffer.sniff(file)).contains("/");
        } finally {
            Files.delete(file);
        }
    }
}
