package dev.safelight.transform;

import static dev.safelight.transform.QueryGrammarTest.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImgproxyGrammarTest {
    private static final ImgproxyGrammar GRAMMAR =
            new ImgproxyGrammar(new Presets(Map.of("card", "rs:fill:300:200/q:70", "more", "pr:card/bl:2")));

    private static ImageRequest read(String options) {
        return GRAMMAR.read("/" + options + "/plain/" + ID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "resize:fill:300:400:1:1 width=300&height=400&fit=cover&enlarge=true&extend=true",
                "rs:fill:300 width=300&fit=cover",
                "rs::300:400 width=300&height=400",
                "rs:fit:300:400:0:1:no:10:20 width=300&height=400&extend=north,10,20",
                "size:300:400 width=300&height=400",
                "s::400:t height=400&enlarge=true",
                "resizing_type:fill-down fit=cover-down",
                "rt:force fit=fill",
                "rt:auto fit=auto",
                "rt:fit -",
                "width:300 width=300",
                "w:300/w:400 width=400",
                "w:300/w:0 -",
                "height:400 height=400",
                "h:400 height=400",
                "min-width:10 min-width=10",
                "mw:10 min-width=10",
                "min-height:10 min-height=10",
                "mh:10 min-height=10",
                "zoom:2 zoom=2",
                "z:0.5:2 zoom=0.5,2",
                "dpr:2 dpr=2",
                "enlarge:true enlarge=true",
                "el:T enlarge=true",
                "extend:1 extend=true",
                "ex:1:soea extend=southeast",
                "ex:0:no -",
                "extend_aspect_ratio:1:fp:0:1 extend-ratio=fp:0,1",
                "extend_ar:1 extend-ratio=true",
                "exar:1 extend-ratio=true",
                "gravity:ce -",
                "g:no gravity=north",
                "g:so:0:-5 gravity=south,0,-5",
                "g:ea::0.5 gravity=east,0,0.5",
                "g:we gravity=west",
                "g:noea gravity=northeast",
                "g:nowe gravity=northwest",
                "g:soea gravity=southeast",
                "g:sowe gravity=southwest",
                "g:sm gravity=smart",
                "g:foc gravity=focal",
                "g:fp:0.25:0.75 gravity=fp:0.25,0.75",
                "crop:100 crop=100,0",
                "c:100:0.5 crop=100,0.5",
                "c:100:50:sm crop=100,50,smart",
                "c:100:50/g:no gravity=north&crop=100,50",
                "c:0:0 -",
                "trim:10 trim=10",
                "t:10:ff00ff:1:1 trim=10,ff00ff,true,true",
                "t:10/t: -",
                "padding:10 pad=10",
                "pd:1:2:3:4 pad=1,2,3,4",
                "pd::2 pad=0,2",
                "auto_rotate:0 autorotate=false",
                "ar:1 -",
                "rotate:-90 rotate=270",
                "rot:450 rotate=90",
                "flip:1 flip=h",
                "fl:1:1 flip=both",
                "fl::1 flip=v",
                "background:255:0:10 background=ff000a",
                "bg:abc background=aabbcc",
                "bg:abc/bg: -",
                "blur:1.5 blur=1.5",
                "bl:1 blur=1",
                "sharpen:0.5 sharpen=0.5",
                "sh:1 sharpen=1",
                "pixelate:8 pixelate=8",
                "pix:8 pixelate=8",
                "grayscale:1 grayscale=true",
                "watermark:0.5 watermark=default,0.5",
                "wm:0.5:soea:10:20:0.3 watermark=default,0.5,southeast,10,20,0.3",
                "wm:0.5:re:10:20 watermark=default,0.5,repeat,10,20",
                "wm:0 -",
                "quality:80 quality=80",
                "q:80/q:0 -",
                "aq:dssim:0.02:70:80:0.001 quality=auto",
                "autoquality:none -",
                "format_quality:jpeg:70:webp:80 format-quality=jpeg:70,webp:80",
                "fq:webp:80/fq:webp:0 -",
                "max_bytes:1000 max-bytes=1000",
                "mb:1000 max-bytes=1000",
                "format:webp format=webp",
                "f:jpg format=jpeg",
                "ext:avif format=avif",
                "f:best -",
                "page:2 page=2",
                "pg:2 page=2",
                "disable_animation:1 animated=false",
                "da:0 -",
                "animated:0 animated=false",
                "preset:card width=300&height=200&fit=cover&quality=70",
                "pr:card/w:100 width=100&height=200&fit=cover&quality=70",
                "w:100/pr:card width=300&height=200&fit=cover&quality=70",
                "pr:more:card width=300&height=200&fit=cover&blur=2&quality=70",
                "cachebuster:abc -",
                "cb: -",
                "strip_metadata:1/sm:0/keep_copyright:1/kcr:0/scp:1/strip_color_profile:0/ph:1/eth:0 -",
                "raw:0 -",
                "w%3A300 !"
            })
    void readsEveryOption(String options, String canonical) {
        if (canonical.equals("!")) {
            assertThatThrownBy(() -> read(options)).isInstanceOf(Failure.class);
            return;
        }
        assertThat(CanonicalText.of(read(options).transformation())).isEqualTo(canonical.equals("-") ? "" : canonical);
    }

    @Test
    void readsHowToAnswer() {
        ImageRequest request = read("exp:1700000000/fn:my%20file.jpg/att:1/skp:svg:gif/w:auto/dpr:auto/placeholder:1");
        assertThat(request.expires()).hasToString("2023-11-14T22:13:20Z");
        assertThat(request.fileName()).isEqualTo("my file.jpg");
        assertThat(request.attachment()).isTrue();
        assertThat(request.placeholder()).isTrue();
        assertThat(request.skip()).containsExactly(MediaType.GIF, MediaType.SVG);
        assertThat(request.wanted()).isEqualTo(new Hints(true, true));
        assertThat(read("filename:" + base64("ü.png") + ":1").fileName()).isEqualTo("ü.png");
    }

    @Test
    void readsSources() {
        Source asset = new Source.Asset(AssetId.parse(ID).orElseThrow(), null);
        assertThat(source("/plain/" + ID)).isEqualTo(asset);
        assertThat(source("/plain/asset:" + ID + "@webp")).isEqualTo(asset);
        assertThat(source("/plain/asset:" + ID + "/v3"))
                .isEqualTo(new Source.Asset(AssetId.parse(ID).orElseThrow(), 3));
        assertThat(source("/w:1/" + base64(ID) + ".png")).isEqualTo(asset);
        assertThat(source("/w:1/" + base64(ID).replaceAll("(.{7})", "$1/") + "==.png"))
                .isEqualTo(asset);
        assertThat(source("/plain/sku:AB%2D1/front")).isEqualTo(new Source.Sku("AB-1", "front"));
        assertThat(source("/plain/raw/image/a.jpg")).isEqualTo(new Source.StoredKey("raw/image/a.jpg"));
        assertThat(source("/plain/local:///processed/a.jpg@png")).isEqualTo(new Source.StoredKey("processed/a.jpg"));
        assertThat(source("/plain/http://example.com/a%20b.jpg%3Fx=1@png"))
                .isEqualTo(new Source.Remote(URI.create("http://example.com/a%20b.jpg?x=1")));
        assertThat(source("/plain/https://example.com/%C3%BC.jpg"))
                .isEqualTo(new Source.Remote(URI.create("https://example.com/%C3%BC.jpg")));
    }

    @Test
    void theExtensionIsTheFormat() {
        assertThat(GRAMMAR.read("/f:png/plain/" + ID + "@webp")
                        .transformation()
                        .output()
                        .format())
                .isEqualTo(MediaType.WEBP);
        assertThat(GRAMMAR.read("/f:png/plain/" + ID + "@best").negotiated()).isTrue();
        assertThat(GRAMMAR.read("/plain/" + ID + "@").negotiated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "w:",
                "w:1:2",
                "w:-1",
                "w:1e3",
                "w:abc",
                "rs:crop:1:1",
                "s:1:1:2",
                "z:0",
                "dpr:0",
                "el:yes",
                "ex:1:sm",
                "g:obj:face",
                "g:north",
                "g:fp:1",
                "g:fp:2:0",
                "g:sm:1",
                "c:",
                "c:-1",
                "t:abc",
                "pd:-1",
                "rot:45",
                "bg:12",
                "bg:1:2",
                "bl:-1",
                "sh:11",
                "wm:2",
                "wm:1:ch",
                "q:101",
                "aq:size:1000",
                "fq:webp",
                "fq:bmp:1",
                "mb:-1",
                "f:bmp",
                "f:",
                "pr:none",
                "pr:",
                "exp:x",
                "fn:%ff",
                "fn:%2F:1",
                "skp:pdf",
                "unknown:1",
                ":1",
                "br:10",
                "gr:0.5",
                "wmu:abc",
                "msr:100",
                "fiu:abc",
                "sm:maybe"
            })
    void refuses(String options) {
        assertThatThrownBy(() -> read(options)).isInstanceOfSatisfying(Failure.class, wrong -> {
            assertThat(wrong.kind()).isEqualTo(Failure.Kind.INVALID);
            assertThat(wrong.publicMessage()).matches("[ -~]{10,600}");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/plain/",
                "/w:1",
                "/w:1/",
                "/plain/a@b@c",
                "/plain/" + ID + "@bmp",
                "/enc/abc",
                "/plain/secret/a.jpg",
                "/plain/raw/../secret",
                "/plain/s3://bucket/raw/a.jpg",
                "/plain/local:///etc/passwd",
                "/plain/file:///etc/passwd",
                "/plain/http://user:pass@example.com/",
                "/plain/http://user%40example.com/",
                "/plain/http:///a",
                "/plain/http://exa%00mple.com/",
                "/plain/https://[::1",
                "/plain/%ff",
                "/!!!!.png",
                "/YWJj.png.jpg"
            })
    void refusesOtherSources(String path) {
        assertThatThrownBy(() -> GRAMMAR.read(path))
                .isInstanceOfSatisfying(
                        Failure.class, wrong -> assertThat(wrong.kind()).isEqualTo(Failure.Kind.INVALID));
    }

    @Test
    void saysWhyNot() {
        assertThatThrownBy(() -> read("br:10"))
                .hasMessageContaining("br is not supported")
                .hasMessageContaining("Pro");
        assertThatThrownBy(() -> GRAMMAR.read("/enc/abc")).hasMessageContaining("encrypted sources");
        assertThatThrownBy(() -> read("raw:1"))
                .hasMessageContaining("originals are never delivered")
                .isInstanceOfSatisfying(
                        Failure.class, wrong -> assertThat(wrong.kind()).isEqualTo(Failure.Kind.FORBIDDEN));
        assertThatThrownBy(() -> GRAMMAR.read("/" + "w:1/".repeat(41) + "plain/" + ID))
                .hasMessageContaining("at most 40");
    }

    private static Source source(String path) {
        return GRAMMAR.read(path).source();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void repairsWhatProxiesBreak() {
        for (List<String> pair : List.of(
                List.of("/_/w%3A300/plain/http:/example.com/a", "/w:300/plain/http://example.com/a"),
                List.of("/_/w:300/plain/local:/raw/a", "/w:300/plain/local:///raw/a"),
                List.of("/_/plain/https://example.com/a:/b", "/plain/https://example.com/a:/b"),
                List.of("/_/w%3a300/YWJj", "/w:300/YWJj"))) {
            assertThat(ImgproxyPaths.split(pair.getFirst()).orElseThrow().signed())
                    .isEqualTo(pair.getLast());
        }
    }
}
