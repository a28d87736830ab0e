package dev.safelight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AssetTextTest {
    private static final JsonNode VARIANT = Json.MAPPER.readTree("""
            {"name":"small","format":"webp","width":320,"height":213,"bytes":25000,"url":"http://host/small"}""");

    @ParameterizedTest
    @CsvSource({"0,0 B", "999,999 B", "1000,1.0 kB", "54321,54.3 kB", "1000000,1.00 MB", "2500000000,2.50 GB"})
    void writesSizesAsPeopleReadThem(long bytes, String text) {
        assertThat(AssetText.size(bytes)).isEqualTo(text);
    }

    @Test
    void tellsWhatAVariantSaves() {
        assertThat(AssetText.variantLine(VARIANT, 100_000))
                .contains("small", "webp", "320×213", "25.0 kB", "75 % saved", "http://host/small");
        assertThat(AssetText.variantLine(VARIANT, 20_000)).contains("-25 % saved");
        assertThat(AssetText.variantLine(VARIANT, 0)).contains("0 % saved");
    }

    @Test
    void tellsWhyAnAssetWasRejected() {
        JsonNode asset = Json.MAPPER.readTree("""
                {"id":"1","status":"REJECTED","fileName":"a.jpg","originalBytes":10,"reason":"corrupt","detail":"It ends early."}""");

        assertThat(AssetText.line(asset)).startsWith("1  REJECTED").endsWith("a.jpg (corrupt)");
        assertThat(AssetText.details(asset)).endsWith("(corrupt)\nIt ends early.");
    }
}
