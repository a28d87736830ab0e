package dev.safelight.transform;

import static dev.safelight.transform.QueryGrammarTest.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.Failure;
import dev.safelight.transform.TransformSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TransformPolicyTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String PATH = "/images/" + ID;
    private static final TransformSettings.Key KEY =
            new TransformSettings.Key("00112233445566778899aabbccddeeff", "beef");
    private static final Set<String> RESERVED = Set.of("v1", "media", "images", "skus", "actuator");

    private static TransformSettings settings(String... more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "safelight.transform.keys[0].key",
                KEY.key(),
                "safelight.transform.keys[0].salt",
                KEY.salt(),
                "safelight.transform.presets.card",
                "width=317&height=200&fit=cover&blur=2",
                "safelight.transform.presets.wide",
                "rs:fill:1000:200/q:77"));
        for (int i = 0; i < more.length; i += 2) {
            values.put("safelight.transform." + more[i], more[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("safelight.transform", TransformSettings.class);
    }

    private static TransformUrls urls(Mode mode) {
        return new TransformUrls(settings("unsigned", mode.name()), RESERVED);
    }

    private static void assertFailure(Failure.Kind kind, Runnable reading) {
        assertThatThrownBy(reading::run)
                .isInstanceOfSatisfying(
                        Failure.class,
                        wrong -> assertThat(wrong.kind())
                                .as(wrong.publicMessage())
                                .isEqualTo(kind));
    }

    private static ImageRequest read(Mode mode, String query) {
        return urls(mode).read(PATH, query, NOW);
    }

    private static ImageRequest readSigned(Mode mode, String query) {
        String url = urls(mode).signatures().signQuery(PATH, query);
        return urls(mode).read(PATH, url.substring(url.indexOf('?') + 1), NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "width=300",
                "width=auto&dpr=auto",
                "width=300&height=200&fit=cover&gravity=smart",
                "gravity=northwest",
                "gravity=focal",
                "fit=contain&width=300&height=300",
                "dpr=1.5",
                "quality=auto",
                "quality=70",
                "format=webp&background=navy",
                "grayscale=false&rotate=0&animated=false&page=0",
                "enlarge=false&blur=0&extend=false",
                "preset=card",
                "preset=card&width=300",
                "placeholder=true&v=2&attachment=false",
                "expires=1800000001"
            })
    void theLadderIsFree(String query) {
        assertThatCode(() -> read(Mode.LADDER, query)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "width=301",
                "height=1",
                "preset=card&width=317",
                "dpr=1.1",
                "quality=71",
                "format=avif&quality=auto",
                "background=0a0b0c",
                "grayscale=true",
                "rotate=90",
                "flip=h",
                "gravity=north,1,0",
                "gravity=fp:0.5,0.5",
                "min-width=10",
                "min-height=10",
                "zoom=2",
                "enlarge=true",
                "crop=10,10",
                "trim=10",
                "extend=true",
                "extend-ratio=true",
                "pad=1",
                "autorotate=false",
                "blur=1",
                "sharpen=1",
                "pixelate=8",
                "watermark=default",
                "format-quality=webp:80",
                "max-bytes=1000",
                "page=1",
                "cachebuster=1",
                "filename=a",
                "attachment=true",
                "skip=gif"
            })
    void whatIsOffTheLadderNeedsASignature(String query) {
        String option = query.substring(query.lastIndexOf('&') + 1, query.lastIndexOf('='));
        assertThatThrownBy(() -> read(Mode.LADDER, query))
                .hasMessageContaining("this value of " + option + " needs a signature")
                .isInstanceOfSatisfying(
                        Failure.class, wrong -> assertThat(wrong.kind()).isEqualTo(Failure.Kind.INVALID));
        assertThat(readSigned(Mode.LADDER, query).transformation())
                .isEqualTo(read(Mode.ANY, query).transformation());
        assertThat(readSigned(Mode.NONE, query).transformation())
                .isEqualTo(read(Mode.ANY, query).transformation());
    }

    @Test
    void presetsHideNothingOfWhatTheAddressAsksFor() {
        assertFailure(Failure.Kind.INVALID, () -> read(Mode.LADDER, "format-quality=jpeg:71&preset=card"));
        assertFailure(
                Failure.Kind.INVALID,
                () -> urls(Mode.LADDER).read("/_/w:160/fq:jpeg:71/pr:card/plain/" + ID + "@jpg", null, NOW));
        assertFailure(
                Failure.Kind.INVALID, () -> urls(Mode.LADDER).read("/_/w:160/skp:png/pr:card/plain/" + ID, null, NOW));
    }

    @Test
    void presetsAloneAreFreeWhereOnlyPresetsAre() {
        assertThat(CanonicalText.of(
                        read(Mode.PRESETS, "preset=wide&format=webp&v=3").transformation()))
                .isEqualTo("width=1000&height=200&fit=cover&quality=77&format=webp");
        assertFailure(Failure.Kind.INVALID, () -> read(Mode.PRESETS, "preset=wide&width=300"));
        assertFailure(Failure.Kind.INVALID, () -> read(Mode.PRESETS, ""));
        assertFailure(Failure.Kind.INVALID, () -> read(Mode.PRESETS, "width=300"));
    }

    @Test
    void nothingIsFreeWhereAllIsSigned() {
        assertFailure(Failure.Kind.FORBIDDEN, () -> read(Mode.NONE, "width=300"));
    }

    @Test
    void aWrongSignatureIsForbiddenEverywhere() {
        for (Mode mode : Mode.values()) {
            assertFailure(Failure.Kind.FORBIDDEN, () -> read(mode, "preset=card&s=abc"));
            String path = "/" + "A".repeat(43) + "/w:300/plain/" + ID;
            assertFailure(Failure.Kind.FORBIDDEN, () -> urls(mode).read(path, null, NOW));
            assertFailure(Failure.Kind.FORBIDDEN, () -> urls(mode).read("/x/w:300/plain/" + ID, null, NOW));
        }
    }

    @Test
    void anExpiredUrlIsNotFound() {
        assertFailure(Failure.Kind.NOT_FOUND, () -> readSigned(Mode.NONE, "expires=1800000000"));
        assertFailure(Failure.Kind.NOT_FOUND, () -> read(Mode.LADDER, "expires=1799999999"));
        assertThat(readSigned(Mode.NONE, "expires=1800000001").expires()).isAfter(NOW);
    }

    @Test
    void limitsHoldForAll() {
        for (String query : List.of(
                "width=9000",
                "width=8000&dpr=2",
                "width=4097&height=4096",
                "min-height=5000&dpr=2",
                "width=300&zoom=100",
                "width=100&pad=4096&dpr=2")) {
            assertFailure(Failure.Kind.INVALID, () -> readSigned(Mode.NONE, query));
            assertFailure(Failure.Kind.INVALID, () -> read(Mode.ANY, query));
        }
        assertThatCode(() -> read(Mode.ANY, "width=4096&height=4096")).doesNotThrowAnyException();
    }

    @Test
    void imgproxyUrlsObeyTheSamePolicy() {
        TransformUrls urls = urls(Mode.LADDER);
        assertThat(CanonicalText.of(urls.read("/_/rs:fill:300:200:0/g:sm/plain/" + ID + "@webp", null, NOW)
                        .transformation()))
                .isEqualTo("width=300&height=200&fit=cover&gravity=smart&format=webp");
        assertFailure(Failure.Kind.INVALID, () -> urls.read("/unsafe/rs:fill:301/plain/" + ID, null, NOW));
        String signed = urls.signatures().signPath("/rs:fill:301/exp:1800000009/plain/" + ID);
        assertThat(urls.read(signed, null, NOW).expires()).isAfter(NOW);
        assertThat(urls.read(signed.replace("rs:", "rs%3A"), null, NOW).asked()).contains(Option.WIDTH);
        assertFailure(Failure.Kind.INVALID, () -> urls.read(signed, "width=5", NOW));
        assertFailure(Failure.Kind.FORBIDDEN, () -> urls.read(signed + "a", null, NOW));
    }

    @Test
    void withoutKeysAnythingMayStandForTheSignatureAndMeansNothing() {
        TransformUrls urls = new TransformUrls(
                new Binder(new MapConfigurationPropertySource(Map.of()))
                        .bindOrCreate("safelight.transform", TransformSettings.class),
                RESERVED);
        assertThatCode(() -> urls.read("/any/w:300/plain/" + ID, null, NOW)).doesNotThrowAnyException();
        assertFailure(Failure.Kind.INVALID, () -> urls.read("/any/w:301/plain/" + ID, null, NOW));
        assertFailure(Failure.Kind.FORBIDDEN, () -> urls.read(PATH, "s=any", NOW));
    }

    @Test
    void whatTheGuideSignsIsSigned() throws IOException {
        List<String> signed = Files.readAllLines(Path.of("docs/transformations.md")).stream()
                .filter(line -> (line.startsWith("/images/") && line.contains("&s=")) || line.startsWith("/z9l0X0d"))
                .toList();
        assertThat(signed).hasSize(2);
        for (String url : signed) {
            String[] halves = url.split("\\?", 2);
            ImageRequest request = urls(Mode.NONE).read(halves[0], halves.length == 2 ? halves[1] : null, NOW);
            assertThat(request.transformation().resize().width()).isEqualTo(301);
        }
    }

    @Test
    void knowsItsPaths() {
        TransformUrls urls = urls(Mode.LADDER);
        for (String path : List.of(
                PATH,
                "/skus/a/b",
                "/_/abc",
                "/unsafe/plain/x",
                "/" + "A".repeat(43) + "/x",
                "/sig/w:1/x",
                "/a/b/plain/c")) {
            assertThat(urls.claims(path)).as(path).isTrue();
        }
        for (String path :
                List.of("/", "", "//", "/_", "/_/", "/v1/a:b", "/media/plain/x", "/favicon.ico", "/a/b", "a/w:1/x")) {
            assertThat(urls.claims(path)).as(path).isFalse();
        }
    }

    @Test
    void hintsAreRoundedUpToTheLadder() {
        TransformPolicy policy = urls(Mode.LADDER).policy();
        ClientHints hints = ClientHints.read("2.6", null, null, "610");
        assertThat(CanonicalText.of(policy.hinted(read(Mode.LADDER, "width=auto&fit=cover"), hints)
                        .transformation()))
                .isEqualTo("width=640&fit=cover");
        assertThat(CanonicalText.of(policy.hinted(read(Mode.LADDER, "width=auto&dpr=auto"), hints)
                        .transformation()))
                .isEqualTo("width=213&dpr=3");
        assertThat(CanonicalText.of(policy.hinted(read(Mode.LADDER, "width=300&dpr=auto"), hints)
                        .transformation()))
                .isEqualTo("width=300&dpr=3");
        ImageRequest deaf = read(Mode.LADDER, "width=300");
        assertThat(policy.hinted(deaf, hints)).isSameAs(deaf);
        ImageRequest large = read(Mode.LADDER, "height=3840&dpr=auto");
        assertThat(policy.hinted(large, hints)).isSameAs(large);
        ImageRequest unheard = read(Mode.LADDER, "width=auto&dpr=auto");
        assertThat(policy.hinted(unheard, ClientHints.NONE)).isSameAs(unheard);
        assertThat(policy.hinted(unheard, ClientHints.read("9", null, "99999", null))
                        .transformation()
                        .resize()
                        .width())
                .isEqualTo(1280);
    }

    @Test
    void malformedHintsCountAsAbsent() {
        for (String wrong : new String[] {"", "0", "-1", "NaN", "1e3", "2;q=1", "0x2", "9999999", "२"}) {
            assertThat(ClientHints.read(wrong, wrong, wrong, wrong)).as(wrong).isEqualTo(ClientHints.NONE);
        }
        assertThat(ClientHints.read("x", " 1.25 ", "x", " 7 ")).isEqualTo(new ClientHints(1.25, 7));
        assertThat(ClientHints.read("1", "2", "3", "4")).isEqualTo(new ClientHints(1.0, 3));
        assertThat(new Hints(true, true).fields()).containsExactly("Sec-CH-Width", "Width", "Sec-CH-DPR", "DPR");
    }

    @Test
    void settingsAreCheckedAtStart() {
        for (String[] wrong : new String[][] {
            {"widths", "0,300", "widths"},
            {"signature-size", "7", "signature-size"},
            {"max-side", "0", "max-side"},
            {"max-pixels", "0", "max-pixels"},
            {"watermark", "logo.png", "watermark"},
            {"qualities.webp", "101", "qualities"}
        }) {
            assertThatThrownBy(() -> settings(wrong[0], wrong[1]))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .rootCause()
                    .hasMessageContaining("safelight.transform." + wrong[2]);
        }
        assertThatThrownBy(() -> settings("keys[1].key", "001122").signatures())
                .hasMessageContaining("safelight.transform.keys[1].key")
                .hasMessageNotContaining("001122");
        assertThat(settings().toString()).doesNotContain(KEY.key()).doesNotContain(KEY.salt());
    }

    @Test
    void presetsAreCheckedAtStart() {
        for (String[] wrong : new String[][] {
            {"bad", "width=abc", "width"},
            {"bad", "w:abc", "w "},
            {"bad", "nonsense", "nonsense"},
            {"bad", "a", "no option"},
            {"bad", "preset=bad", "use itself"},
            {"bad", "pr:card:bad", "use itself"},
            {"bad", "preset=unknown", "unknown"},
            {"bad", "s=abc", "part of a preset"},
            {"bad", "w:300/plain/x", "no option"},
            {"b d", "width=300", "name"}
        }) {
            assertThatThrownBy(() -> new Presets(Map.of("card", "width=300", wrong[0], wrong[1])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("safelight.transform.presets." + wrong[0])
                    .hasMessageContaining(wrong[2]);
        }
    }

    @Test
    void presetsMayNotMultiply() {
        assertThatThrownBy(() ->
                        new Presets(Map.of("a", "preset=b,b,b,b,b,b", "b", "preset=c,c,c,c,c,c", "c", "width=300")))
                .hasMessageContaining("at most 20");
    }

    @Test
    void aPresetCalledDefaultComesFirst() {
        QueryGrammar query = new QueryGrammar(new Presets(Map.of("default", "q:60/w:300")));
        assertThat(CanonicalText.of(query.read(PATH, "width=400").transformation()))
                .isEqualTo("width=400&quality=60");
    }
}
