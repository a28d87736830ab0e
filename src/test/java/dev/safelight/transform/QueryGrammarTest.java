package dev.safelight.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryGrammarTest {
    static final String ID = "01935a2c-7f3e-7abc-8def-0123456789ab";
    private static final String PATH = "/images/" + ID;
    private static final QueryGrammar GRAMMAR = new QueryGrammar(
            new Presets(Map.of("card", "width=300&fit=cover&dpr=2", "both", "preset=card&quality=50")));

    private static ImageRequest read(String query) {
        return GRAMMAR.read(PATH, query);
    }

    /// The canonical text shows what each option became; `-` stands for the default.
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "width=300 width=300",
                "w=0 -",
                "height=16383 height=16383",
                "fit=inside -",
                "fit=outside fit=outside",
                "fit=cover fit=cover",
                "fit=cover-down fit=cover-down",
                "fit=contain extend=true",
                "fit=contain&extend=north extend=north",
                "fit=fill fit=fill",
                "fit=auto fit=auto",
                "min-width=10 min-width=10",
                "min-height=10 min-height=10",
                "zoom=2 zoom=2",
                "zoom=0.5,2 zoom=0.5,2",
                "dpr=1.5 dpr=1.5",
                "dpr=.5 dpr=0.5",
                "enlarge=1 enlarge=true",
                "gravity=smart gravity=smart",
                "gravity=focal gravity=focal",
                "gravity=fp:0.25,1 gravity=fp:0.25,1",
                "gravity=southeast,10,-0.2 gravity=southeast,10,-0.2",
                "crop=100,0.5 crop=100,0.5",
                "crop=100,50,north,1,2 crop=100,50,north,1,2",
                "crop=100,50,fp:0.1,0.2 crop=100,50,fp:0.1,0.2",
                "crop=100,50,smart&gravity=smart gravity=smart&crop=100,50",
                "trim=10 trim=10",
                "trim=10,f0f trim=10,ff00ff",
                "trim=10,,1,0 trim=10,,true",
                "trim=10,,false,true trim=10,,false,true",
                "extend=true extend=true",
                "extend=fp:0,1 extend=fp:0,1",
                "extend-ratio=west extend-ratio=west",
                "pad=5 pad=5",
                "pad=5,5 pad=5",
                "pad=5,6 pad=5,6",
                "pad=5,6,5,6 pad=5,6",
                "pad=1,2,3,4 pad=1,2,3,4",
                "background=fff background=ffffff",
                "bg=11223344 background=11223344",
                "bg=aqua background=00ffff",
                "bg=1,2,3 background=010203",
                "rotate=270 rotate=270",
                "autorotate=false autorotate=false",
                "flip=h flip=h",
                "flip=v flip=v",
                "flip=both flip=both",
                "blur=0.3 blur=0.3",
                "sharpen=10 sharpen=10",
                "pixelate=8 pixelate=8",
                "grayscale=t grayscale=true",
                "watermark=default watermark=default,1",
                "watermark=default,0.5,repeat,10,20 watermark=default,0.5,repeat,10,20",
                "watermark=default,0.5,southeast,0,0,0.2 watermark=default,0.5,southeast,0,0,0.2",
                "quality=1 quality=1",
                "q=auto quality=auto",
                "quality=auto&max-bytes=1m quality=auto&max-bytes=1000000",
                "format-quality=webp:80,jpg:70 format-quality=jpeg:70,webp:80",
                "maxBytes=200k max-bytes=200000",
                "format=auto -",
                "fm=AVIF format=avif",
                "page=3 page=3",
                "animated=false animated=false",
                "preset=card width=300&fit=cover&dpr=2",
                "fit=fill&preset=card width=300&fit=fill&dpr=2",
                "preset=both,card width=300&fit=cover&dpr=2&quality=50",
                "cachebuster=x -",
            })
    void readsEveryOption(String query, String canonical) {
        String expected = canonical.equals("-") ? "" : canonical;
        assertThat(CanonicalText.of(read(query).transformation())).isEqualTo(expected);
    }

    @Test
    void aWatermarkMayBeAnyAsset() {
        assertThat(CanonicalText.of(read("watermark=" + ID + ",0.50").transformation()))
                .isEqualTo("watermark=" + ID + ",0.5");
    }

    @Test
    void readsHowToAnswer() {
        ImageRequest request = read("expires=1700000000&filename=a%20b+%C3%BC.jpg&attachment=true&placeholder=true"
                + "&v=3&width=auto&dpr=auto&skip=svg,gif");
        assertThat(request)
                .isEqualTo(new ImageRequest(
                        new Source.Asset(AssetId.parse(ID).orElseThrow(), 3),
                        Transformation.NONE,
                        Instant.ofEpochSecond(1_700_000_000),
                        "a b ü.jpg",
                        true,
                        true,
                        new Hints(true, true),
                        List.of(MediaType.GIF, MediaType.SVG),
                        EnumSet.of(
                                Option.EXPIRES,
                                Option.FILENAME,
                                Option.ATTACHMENT,
                                Option.PLACEHOLDER,
                                Option.VERSION,
                                Option.WIDTH,
                                Option.DPR,
                                Option.SKIP)));
        assertThat(request.negotiated()).isTrue();
    }

    @Test
    void readsPaths() {
        assertThat(read("").source())
                .isEqualTo(new Source.Asset(AssetId.parse(ID).orElseThrow(), null));
        assertThat(GRAMMAR.read(PATH + ".jpg", null).transformation().output().format())
                .isEqualTo(MediaType.JPEG);
        assertThat(GRAMMAR.read(PATH + ".jpeg", "format=jpg").negotiated()).isFalse();
        assertThat(GRAMMAR.read("/skus/AB-1.2/front.webp", "w=300").source())
                .isEqualTo(new Source.Sku("AB-1.2", "front"));
        assertThat(GRAMMAR.read("/skus/AB%20+1/front", null).source()).isEqualTo(new Source.Sku("AB +1", "front"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "width",
                "width=",
                "width=-1",
                "width=16384",
                "width=1.5",
                "width=1e3",
                "width=0x10",
                "width=NaN",
                "width=%D9%A3",
                "width=99999999999999999999",
                "w=1&width=1",
                "width=1&width=1",
                "Width=1",
                "wid%74h=1",
                "unknown=1",
                "=1",
                "&",
                "width=1&",
                "fit=crop",
                "zoom=0",
                "zoom=1,2,3",
                "dpr=0",
                "dpr=8.1",
                "dpr=Infinity",
                "enlarge=yes",
                "gravity=top",
                "gravity=smart,1",
                "gravity=fp:1",
                "gravity=fp:2,0",
                "gravity=north,1,2,3",
                "crop=1",
                "crop=1,2,north,1,2,3",
                "crop=1,2,",
                "crop=-1,2",
                "trim=256",
                "trim=1,rd",
                "extend=smart",
                "extend=focal",
                "fit=contain&extend=false",
                "pad=1,2,3",
                "pad=5000",
                "background=12345",
                "background=Red",
                "background=256,0,0",
                "rotate=45",
                "rotate=360",
                "flip=x",
                "blur=101",
                "blur=1e1",
                "sharpen=0x1p3",
                "pixelate=1001",
                "watermark=abc",
                "watermark=default,2",
                "watermark=default,1,smart",
                "quality=0",
                "quality=101",
                "format-quality=webp",
                "format-quality=webp:80,webp:70",
                "format-quality=jpg:80,jpeg:70",
                "max-bytes=101m",
                "max-bytes=k",
                "format=bmp",
                "page=10000",
                "preset=none",
                "preset=",
                "expires=0",
                "expires=tomorrow",
                "filename=a/b",
                "filename=..",
                "filename=a%0d%0aX:1",
                "filename=%E2%80%AEgpj.exe",
                "filename=%ff",
                "filename=%00",
                "filename=%4",
                "filename=%+1",
                "v=0",
                "skip=pdf"
            })
    void refusesWithTheNameOfTheOption(String query) {
        assertThatThrownBy(() -> read(query)).isInstanceOfSatisfying(Failure.class, wrong -> {
            assertThat(wrong.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(wrong.publicMessage()).matches("[ -~]{10,600}");
        });
    }

    @Test
    void saysWhatIsAllowed() {
        assertThatThrownBy(() -> read("width=a%22b"))
                .hasMessage("width cannot be \"a\\u0022b\"; it is a whole number from 0 to 16383");
        assertThatThrownBy(() -> read("quality=" + "9".repeat(500)))
                .hasMessage("quality cannot be \"" + "9".repeat(40) + "...\"; it is a whole number from 1 to 100");
        assertThatThrownBy(() -> GRAMMAR.read(PATH + ".webp", "fm=auto"))
                .hasMessage("the extension \"webp\" and fm=auto contradict each other; give one of them");
        assertThatThrownBy(() -> GRAMMAR.read(PATH + ".webp", "format=png")).hasMessageContaining("contradict");
        assertThatThrownBy(() -> GRAMMAR.read(PATH + ".bmp", null)).hasMessageContaining("jpeg, jpg, png");
        assertThatThrownBy(() -> GRAMMAR.read("/skus/a/b", "v=1")).hasMessageContaining("no meaning for a SKU");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/images/",
                "/images/1",
                "/images/01935A2C-7F3E-7ABC-8DEF-0123456789AB",
                "/images/" + ID + "/",
                "/images/%30" + "1935a2c-7f3e-7abc-8def-0123456789ab",
                "/skus/a",
                "/skus//front",
                "/skus/../front",
                "/skus/a%2Fb/front",
                "/skus/a/b/c",
                "/other"
            })
    void thereIsNothingElsewhere(String path) {
        assertThatThrownBy(() -> GRAMMAR.read(path, null))
                .isInstanceOfSatisfying(
                        Failure.class, wrong -> assertThat(wrong.kind()).isEqualTo(Failure.Kind.NOT_FOUND));
    }

    @Test
    void boundsWhatItReads() {
        assertThatThrownBy(() -> read("filename=" + "a".repeat(9000))).hasMessageContaining("at most 8192");
        assertThatThrownBy(() -> read("x=1&".repeat(40) + "x=1")).hasMessageContaining("at most 40");
    }

    @Test
    void onlyWhatTheUrlGivesItselfIsAsked() {
        assertThat(read("preset=card&fit=fill").asked()).isEqualTo(Set.of(Option.PRESET, Option.FIT));
    }

    @Test
    void namesAreUnique() {
        assertThat(Stream.of(Option.values()).flatMap(option -> option.names().stream()))
                .doesNotHaveDuplicates();
        assertThat(Stream.of(ImgproxyOption.values()).flatMap(option -> option.names().stream()))
                .doesNotHaveDuplicates()
                .noneMatch(ImgproxyOption::isRefused);
    }
}
