package dev.safelight.transform;

import static dev.safelight.transform.QueryGrammarTest.ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Whatever stands in a URL, it is read or refused with a failure that can be shown.
class HostileUrlsTest {
    private static final Path FOLDER = Path.of("src/test/resources/hostile/urls");
    private static final Presets PRESETS = new Presets(Map.of("card", "width=300&fit=cover", "old", "pr:card/q:70"));
    private static final List<String> GOOD = List.of(
            "/images/" + ID + ".webp?width=300&height=200&fit=cover&gravity=north,10,20&crop=0.5,100,fp:0.1,0.2",
            "/images/" + ID + "?trim=10,ff00ff,true&pad=1,2,3,4&bg=1,2,3&watermark=default,0.5,repeat,1,2,0.3",
            "/images/" + ID + "?preset=card,old&format-quality=webp:80,jpg:70&maxBytes=200k&filename=a%20%C3%BC.jpg",
            "/skus/AB-1%20x/front.avif?zoom=1,2&dpr=auto&width=auto&expires=1700000000&skip=svg&s=abc",
            "/_/rs:fill:300:400:1:1:fp:0.1:0.2/g:soea:1:2/c:100:0.5:sm/t:10:ff00ff:1:1/plain/" + ID + "@webp",
            "/_/pd:1:2:3:4/bg:1:2:3/wm:0.5:re:1:2:0.3/fq:webp:80/pr:card:old/plain/http://example.com/a%20b?x@png",
            "/_/fn:w7wucG5n:1/exp:1700000000/skp:svg:gif/aq:dssim:0.1/MDE5MzVhMmMtN2YzZS03YWJj/LThkZWYt.jpg",
            "/_/w%3A300/plain/local:///raw/a/b.jpg");
    private static final String SEASONING = "/:.,=&?%@+-_ \u0000\n\"\\e0159xnabkNI\u00fc\ud83d\u202e";

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.strings().ofMaxLength(300);
    }

    @Provide
    Arbitrary<String> mutants() {
        return Arbitraries.randomValue(random -> {
            StringBuilder url = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(url.length());
                String other = GOOD.get(random.nextInt(GOOD.size()));
                int from = random.nextInt(other.length());
                switch (random.nextInt(4)) {
                    case 0 -> url.deleteCharAt(at).append(' ');
                    case 1 -> url.insert(at, SEASONING.charAt(random.nextInt(SEASONING.length())));
                    case 2 -> url.setCharAt(at, SEASONING.charAt(random.nextInt(SEASONING.length())));
                    default -> url.insert(at, other, from, Math.min(other.length(), from + random.nextInt(12)));
                }
            }
            return url.toString().replaceAll(" +$", "");
        });
    }

    @Property(tries = 3000)
    void anyTextIsReadOrRefused(@ForAll("anything") String text) {
        readEverywhere(text);
        readEverywhere("/images/" + ID + "?" + text);
        readEverywhere("/_/" + text);
    }

    @Property(tries = 10_000)
    void mutantsAreReadOrRefused(@ForAll("mutants") String url) {
        readEverywhere(url);
    }

    @Property(tries = 300)
    void anyValueOfAnyOptionIsReadOrRefused(@ForAll("anything") String text) {
        for (Option option : Option.values()) {
            readEverywhere("/images/" + ID + "?" + option.text() + "=" + text);
        }
        for (ImgproxyOption option : ImgproxyOption.values()) {
            readEverywhere("/_/" + option.names().getFirst() + ":" + text.replace('/', ':') + "/plain/" + ID);
        }
    }

    @Test
    void goodOnesAreRead() {
        for (String url : GOOD.subList(0, 6)) {
            assertThat(accepted(url)).as(url).isPositive();
        }
    }

    @Test
    void whatWasFoundOnceIsRefusedForever() throws IOException {
        List<String> urls = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                urls.addAll(Files.readAllLines(file));
            }
        }
        assertThat(urls).hasSizeGreaterThan(40);
        for (String url : urls) {
            assertThat(accepted(url)).as(url).isZero();
        }
    }

    private static void readEverywhere(String url) {
        accepted(url);
    }

    /// How many of the readers took it; anything thrown but a presentable failure ends the test.
    private static int accepted(String url) {
        int question = url.indexOf('?');
        String path = question < 0 ? url : url.substring(0, question);
        String query = question < 0 ? null : url.substring(question + 1);
        Signatures none = new Signatures(List.of(), 32);
        ImgproxyPaths paths = new ImgproxyPaths(Set.of("images", "skus"), none.length());
        int accepted = tries(() -> new QueryGrammar(PRESETS).read(path, query).transformation());
        if (paths.claims(path)) {
            String signed = ImgproxyPaths.split(path).orElseThrow().signed();
            accepted += tries(() -> new ImgproxyGrammar(PRESETS).read(signed).transformation());
        }
        tries(() -> CanonicalText.read(query == null ? url : query));
        none.verify(path, url);
        return accepted;
    }

    private static int tries(Supplier<Transformation> reading) {
        try {
            Transformation read = reading.get();
            // What was read is a value like any other.
            assertThat(CanonicalText.read(CanonicalText.of(read))).isEqualTo(read);
            return 1;
        } catch (Failure refused) {
            assertThat(refused.publicMessage()).matches("[ -~]{10,700}");
            return 0;
        }
    }
}
